namespace AgentFlow.ReleaseTrain.Tests;

/// <summary>The release train with its agents, its desk and its hub in processes of their own.</summary>
public sealed class TwoMachinesTests : IDisposable
{
    private static readonly string[] s_machines = ["build", "qa", "security", "deploy", "desk"];
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Five_processes_and_a_hub_between_them_deploy_the_shop(string store)
    {
        var environment = new Dictionary<string, string?> { ["TWO_MACHINES_ROOT"] = _folder.Path, ["XDG_DATA_HOME"] = _folder["data"] };
        string run = Path.Combine(Paths.Repository, "samples", "TwoMachines", "run");
        var program = await Programs.RunAsync(run, ["--store", store, "--auto-approve", "--check", "--json"], _folder.Path, environment);
        var result = new TrainResult(program).Expect(0);
        Assert.NotNull(result.CompletedThread);
        Assert.Contains("Shop-1.9.0", Path.GetFileName(new FileInfo(Path.Combine(_folder.Path, "deployments", "current")).LinkTarget), StringComparison.Ordinal);
        Assert.All(s_machines, machine => Assert.True(File.Exists(Path.Combine(_folder.Path, "machines", machine, "agents.db")), $"'{machine}' has no store of its own"));
        Assert.Equal(store == "sqlite", File.Exists(Path.Combine(_folder.Path, "hub", "hub.db")));
        var receipt = await Programs.RunAsync(Path.Combine(Paths.Repository, "eng", "demo"), ["--verify", result.Receipt, "--json"], _folder.Path, environment);
        new TrainResult(receipt).Expect(0);
        Assert.Empty(Processes.Naming(_folder.Path));
    }
}
