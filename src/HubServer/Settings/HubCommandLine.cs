using System.CommandLine;

namespace AgentFlow.HubServer.Settings;

/// <summary>The flags of <c>agentflow-hub</c>. What is no secret can be given here; the rest comes from the environment.</summary>
public static class HubCommandLine
{
    /// <summary>The exit code after a flag or setting that makes no sense.</summary>
    public const int Usage = 2;

    private static readonly Option<StoreKind> s_store = new("--store") { Description = "Where to keep what is stored: sqlite (default), postgresql or memory.", DefaultValueFactory = _ => StoreKind.Sqlite };
    private static readonly Option<string> s_data = new("--data") { Description = "The folder of the SQLite store.", DefaultValueFactory = _ => ".agentflow" };
    private static readonly Option<string> s_urls = new("--urls") { Description = "Where to listen, separated by semicolons.", DefaultValueFactory = _ => "http://127.0.0.1:5080" };
    private static readonly Option<bool> s_behindProxy = new("--behind-proxy") { Description = "A proxy in front ends TLS, so cleartext from other machines is accepted." };
    private static readonly Option<string[]> s_origins = new("--origin")
    {
        Description = "An address that callers dial, such as https://hub.example.org; may be repeated. Needed behind a proxy and where --urls names no host.",
    };

    /// <summary>Reads the flags and runs the process with them.</summary>
    /// <param name="args">The flags.</param>
    /// <param name="run">What to do with the settings; its answer is the exit code.</param>
    public static Task<int> InvokeAsync(string[] args, Func<HubSettings, CancellationToken, Task<int>> run)
    {
        var root = new RootCommand("The hub of AgentFlow: stores and routes envelopes that it cannot read.")
        {
            s_store, s_data, s_urls, s_behindProxy, s_origins,
        };
        root.SetAction((result, cancellationToken) =>
        {
            var settings = Read(result);
            return settings.Fault() is { } fault ? Task.FromResult(Fail([fault])) : run(settings, cancellationToken);
        });
        var parsed = root.Parse(args);
        return parsed.Errors.Count == 0 ? parsed.InvokeAsync() : Task.FromResult(Fail(parsed.Errors.Select(error => error.Message)));
    }

    private static HubSettings Read(ParseResult result) => new()
    {
        Store = result.GetValue(s_store),
        Directory = Path.GetFullPath(result.GetValue(s_data)!),
        PostgreSql = Environment.GetEnvironmentVariable(HubSettings.ConnectionVariable),
        Urls = result.GetValue(s_urls)!,
        IsBehindProxy = result.GetValue(s_behindProxy),
        Origins = result.GetValue(s_origins) ?? [],
    };

    private static int Fail(IEnumerable<string> errors)
    {
        foreach (string error in errors)
            Console.Error.WriteLine($"error: {error}");
        Console.Error.WriteLine("`agentflow-hub --help` lists the flags.");
        return Usage;
    }
}
