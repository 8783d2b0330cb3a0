using Shop;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Services.AddSingleton<PriceList>();

var app = builder.Build();
var release = ReleaseInfo.FromEnvironment();

app.MapGet("/health", () => "healthy");
app.MapGet("/version", () => release);
app.MapGet("/prices", (PriceList prices) => prices.All);
app.MapGet("/basket/{article}/{count:int}", (string article, int count, PriceList prices) =>
    prices.Total(article, count) is { } total ? Results.Ok(total) : Results.NotFound());

app.Run();
