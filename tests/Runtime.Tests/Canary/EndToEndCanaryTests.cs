using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentFlow.Runtime.Tests.Canary;

/// <summary>Listens to the whole process and takes its console, so nothing else runs meanwhile.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneInTheProcess
{
    public const string Name = "Alone in the process";
}

/// <summary>A whole run, each of whose strings, keys, reasons and byte arrays is a random secret: none is found in the stores, logs and output.</summary>
[Collection(AloneInTheProcess.Name)]
public sealed class EndToEndCanaryTests
{
    private readonly Canaries _canaries = new();
    private readonly CapturedText _captured = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_secret_of_a_run_is_found_in_stores_logs_and_output()
    {
        using var console = new CapturedConsole(_captured);
        using var telemetry = new CapturedTelemetry(_captured);
        await using var app = new CanaryApp(_canaries, _captured);
        var run = new CanaryRun(app, _canaries, Cancel);
        var snapshots = new List<IReadOnlyDictionary<string, byte[]>>();

        await app.StartAsync(Cancel);
        string key = _canaries.Text("idempotency key");
        var approved = await run.StartAsync(key);
        Assert.Equal(approved, await run.StartAsync(key));
        await run.ApproveAsync(approved);
        snapshots.Add(app.Files());
        await run.RejectAsync(await run.StartAsync());
        snapshots.Add(app.Files());
        await run.PoisonAsync();
        snapshots.Add(app.Files());
        snapshots.Add(await run.FilesWithLogsAsync());
        await run.TellAsync(_captured);
        var messages = await run.Flow.ReadMessagesAsync(approved, Cancel);
        await app.StopAsync();
        snapshots.Add(app.Files());

        await app.StartAsync(Cancel);
        await run.TellAsync(_captured);
        await app.StopAsync();
        snapshots.Add(app.Files());

        var search = new CanarySearch(_canaries.All);
        Assert.True(_canaries.All.Count > 100);
        Assert.Empty(snapshots.SelectMany(search.Find).Distinct());
        Assert.Empty(search.Find(_captured.Places()));
        string[] heard = [CapturingLogger.Place, CapturedTelemetry.Activities, CapturedTelemetry.Measurements, "threads", "steps", "messages", "dead letters"];
        Assert.Empty(heard.Except(_captured.Places().Keys));
        Assert.NotEmpty(search.Find(System.Text.Encoding.UTF8.GetBytes(messages.Select(message => message.Message).OfType<CanaryReleased>().Single().Reason)));
        Assert.All(await run.CountRowsAsync(), table => Assert.True(table.Value > 0, $"The run wrote nothing into '{table.Key}'."));
    }

    [Fact]
    public async Task A_planted_control_is_found_in_each_place_that_is_looked_through()
    {
        using var console = new CapturedConsole(_captured);
        using var telemetry = new CapturedTelemetry(_captured);
        await using var app = new CanaryApp(_canaries, _captured);
        await app.StartAsync(Cancel);
        using (var source = new ActivitySource(CapturedTelemetry.Source))
        using (source.StartActivity("control")?.SetTag("control", _canaries.Text("activity")))
            Log(app, _canaries.Text("log"), new FormatException(_canaries.Text("exception")));
        using (var meter = new System.Diagnostics.Metrics.Meter(CapturedTelemetry.Source))
            meter.CreateCounter<long>("control").Add(1, new KeyValuePair<string, object?>("control", _canaries.Text("measurement")));
        Console.Out.WriteLine(_canaries.Text("console"));
        await Console.Error.WriteLineAsync(_canaries.Text("error"));
        await File.WriteAllBytesAsync(Path.Combine(app.Folder, "control.bin"), _canaries.Bytes("file"), Cancel);
        Directory.CreateDirectory(Path.Combine(app.Folder, "below"));
        await File.WriteAllTextAsync(Path.Combine(app.Folder, "below", Convert.ToHexString(_canaries.Bytes("file name"))), "", Cancel);

        var search = new CanarySearch(_canaries.All);
        string[] found = [.. search.Find(app.Files()), .. search.Find(_captured.Places())];

        Assert.All(_canaries.All, secret => Assert.Contains(found, hit => hit.Contains($": {secret.Name} (", StringComparison.Ordinal)));
    }

    private static void Log(CanaryApp app, string text, Exception exception) =>
        app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Control").LogTrace(exception, "{Control}", text);
}
