using System.Text.Json;

namespace AgentFlow.ReleaseTrain.Tests;

/// <summary>What a run of the train printed with <c>--json</c>.</summary>
internal sealed record TrainResult(ProgramResult Program)
{
    public int ExitCode => Program.ExitCode;

    public JsonElement Json { get; } = Program.Output.TrimStart().StartsWith('{') ? JsonDocument.Parse(Program.Output).RootElement : default;

    public JsonElement Data => Json.GetProperty("data");

    /// <summary>The thread that the run reported as completed, or null.</summary>
    public string? CompletedThread =>
        Json.ValueKind == JsonValueKind.Object && Json.GetProperty("ok").GetBoolean() && Data.GetProperty("outcome").GetString() == "completed" ? Data.GetProperty("thread").GetString() : null;

    /// <summary>Whether the run reported that its request had expired, also where it was killed after that.</summary>
    public bool HasExpired => Json.ValueKind == JsonValueKind.Object && !Json.GetProperty("ok").GetBoolean() && Error == "approval.expired";

    public string Error => Json.GetProperty("error").GetProperty("code").GetString()!;

    public string ApprovalId => Data.GetProperty("approval").GetProperty("id").GetString()!;

    public string Digest => Data.GetProperty("approval").GetProperty("digest").GetString()!;

    public string Receipt => Data.GetProperty("receipt").GetString()!;

    public TrainResult Expect(int exitCode)
    {
        Assert.True(ExitCode == exitCode, $"expected exit {exitCode}: {Program}");
        return this;
    }
}

/// <summary>The train of one folder, run as the process that it is.</summary>
internal sealed class Train(string root, string repository)
{
    /// <summary>Whether the recorded tools stand for the real ones.</summary>
    public bool IsRecorded { get; init; } = true;

    public string Deployments => Path.Combine(root, "deployments");

    public string Releases => Path.Combine(Deployments, "releases");

    public Task<TrainResult> RunAsync(params string[] arguments) => RunAsync(arguments, null, null);

    public async Task<TrainResult> RunAsync(string[] arguments, string? failPoint, Func<System.Diagnostics.Process, Task>? whileRunning)
    {
        var environment = new Dictionary<string, string?>
        {
            ["DOTNET_ENVIRONMENT"] = "Development",
            ["RELEASETRAIN_DOTNET"] = IsRecorded ? Paths.RecordedDotnet : null,
            ["AGENTFLOW_FAILPOINT"] = failPoint,
            ["DOTNET_TieredPGO"] = "0",
            ["XDG_DATA_HOME"] = Path.Combine(root, "data"),
        };
        return new TrainResult(await Programs.RunAsync("dotnet", [Paths.Train, "--root", root, "--repo", repository, .. arguments], root, environment, whileRunning));
    }

    /// <summary>Folders of releases that were made live.</summary>
    public IReadOnlyList<string> LiveReleases => Directory.Exists(Releases)
        ? [.. Directory.GetDirectories(Releases).Where(folder => !Path.GetFileName(folder).StartsWith('.'))]
        : [];
}
