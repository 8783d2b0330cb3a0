using AgentFlow.Keys;
using AgentFlow.Runtime.Tests.Store;

namespace AgentFlow.Runtime.Tests.Keys;

/// <summary>A process that is killed while it makes keys leaves none by half: the next start makes the rest, and keeps what stands.</summary>
public sealed class KeyCrashTests : IDisposable
{
    private readonly KeyFolder _folder = new();

    // The files come in the order machine key (1), device key (2).
    public static TheoryData<string> FailPoints =>
    [
        KeyFailPoints.BeforeRename, KeyFailPoints.BeforeRename + ":2", KeyFailPoints.AfterRename, KeyFailPoints.AfterRename + ":2",
        KeyFailPoints.BeforeIdentityCommit, KeyFailPoints.AfterIdentityCommit,
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_fail_point_of_keys_is_tested() => Assert.Empty(KeyFailPoints.All.Except(FailPoints.Select(row => row.Data.Split(':')[0])));

    [Theory]
    [MemberData(nameof(FailPoints))]
    public async Task A_killed_process_leaves_keys_that_the_next_start_completes(string failPoint)
    {
        var (exitCode, output) = await CrashProcess.RunAsync(typeof(KeyCrashChild), failPoint, _folder.Root);
        Assert.True(exitCode == CrashProcess.Killed, $"The child ended with {exitCode}, not by SIGKILL:\n{output}");
        byte[]? machineKey = Content(_folder.MachineKey), deviceKey = Content(_folder.DeviceKey);
        var before = await AgentAsync();
        Assert.Equal(before, await AgentAsync());
        Assert.Equal(machineKey ?? Content(_folder.MachineKey), Content(_folder.MachineKey));
        Assert.Equal(deviceKey ?? Content(_folder.DeviceKey), Content(_folder.DeviceKey));
        Assert.Empty(Directory.GetFiles(_folder.Root, "*.tmp", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Without_a_fail_point_the_child_ends_by_itself_with_the_identity_that_is_loaded_later()
    {
        var (exitCode, output) = await CrashProcess.RunAsync(typeof(KeyCrashChild), "", _folder.Root);
        Assert.True(exitCode == 0, output);
        Assert.Equal(await File.ReadAllTextAsync(KeyCrashChild.AnswerOf(_folder.Root), Cancel), (await AgentAsync()).ToString());
    }

    private static byte[]? Content(string path) => File.Exists(path) ? File.ReadAllBytes(path) : null;

    private async Task<AgentId> AgentAsync()
    {
        await using var store = await KeyCrashChild.OpenAsync(_folder.Root, Cancel);
        using var agent = await new AgentKeyRing(store, TimeProvider.System).LoadOrCreateAsync("qa", isPerson: true, Cancel);
        return agent.Agent;
    }
}
