namespace AgentFlow.ReleaseTrain.Tests;

/// <summary>The gate: what waits, who may pass, and what the process says of it.</summary>
public sealed class GateTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_train_waits_at_the_gate_and_deploys_only_the_digest_that_was_shown()
    {
        var train = await StartAsync();

        var waiting = (await train.RunAsync("--exit-when-waiting", "--json")).Expect(8);
        Assert.StartsWith("apr_", waiting.ApprovalId);
        Assert.Matches("^af1:[0-9a-f]{64}$", waiting.Digest);

        string wrong = "af1:" + new string('0', 64);
        var stale = (await train.RunAsync("--approve", waiting.ApprovalId, "--digest", wrong, "--json")).Expect(5);
        Assert.Equal("approval.stale", stale.Error);
        Assert.Empty(train.LiveReleases);

        var deployed = (await train.RunAsync("--approve", waiting.ApprovalId, "--digest", waiting.Digest, "--json")).Expect(0);
        Assert.Equal("completed", deployed.Data.GetProperty("outcome").GetString());
        Assert.Equal(deployed.Data.GetProperty("deployed").GetString(), Assert.Single(train.LiveReleases));

        var again = (await train.RunAsync("--approve", waiting.ApprovalId, "--digest", waiting.Digest, "--json")).Expect(5);
        Assert.Equal("approval.already_decided", again.Error);
        Assert.Equal("approved", again.Json.GetProperty("error").GetProperty("details").GetProperty("decision").GetString());
        Assert.Single(train.LiveReleases);
    }

    [Fact]
    public async Task A_rejected_train_deploys_nothing_and_ends_as_refused()
    {
        var train = await StartAsync();
        var waiting = (await train.RunAsync("--exit-when-waiting", "--json")).Expect(8);

        var refused = (await train.RunAsync("--reject", waiting.ApprovalId, "--reason", "not on a Friday", "--json")).Expect(7);
        Assert.Equal("refused", refused.Data.GetProperty("outcome").GetString());
        Assert.Empty(train.LiveReleases);

        var late = (await train.RunAsync("--approve", waiting.ApprovalId, "--digest", waiting.Digest, "--json")).Expect(5);
        Assert.Equal("approval.already_decided", late.Error);
        Assert.Empty(train.LiveReleases);
    }

    [Fact]
    public async Task The_same_approval_is_still_there_after_a_restart()
    {
        var train = await StartAsync();
        var first = (await train.RunAsync("--exit-when-waiting", "--json")).Expect(8);
        var second = (await train.RunAsync("--exit-when-waiting", "--json")).Expect(8);
        Assert.Equal(first.ApprovalId, second.ApprovalId);
        Assert.Equal(first.Digest, second.Digest);
        Assert.Equal(first.Data.GetProperty("thread").GetString(), second.Data.GetProperty("thread").GetString());
    }

    [Fact]
    public async Task A_second_train_in_the_same_folder_is_told_so()
    {
        var train = await StartAsync();
        (await train.RunAsync("--exit-when-waiting", "--json")).Expect(8);
        using var held = new FileStream(_folder[Path.Combine(".agentflow", "hub.db.lock")], FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        Assert.Equal("store.locked", (await train.RunAsync("--exit-when-waiting", "--json")).Expect(5).Error);
        Assert.Equal("store.locked", (await train.RunAsync("--fresh", "--exit-when-waiting", "--json")).Expect(5).Error);
    }

    [Fact]
    public async Task An_unknown_approval_is_not_found()
    {
        var train = await StartAsync();
        var result = await train.RunAsync("--approve", "apr_aaaaaaaaaaaaaaaaaaaaaaaaaa", "--digest", "af1:" + new string('0', 64), "--json");
        Assert.Equal("approval.not_found", result.Expect(3).Error);
    }

    [Theory]
    [InlineData("--approve", "apr_x")]
    [InlineData("--reject", "apr_x")]
    [InlineData("--no-such-option", "1")]
    public async Task A_wrong_command_line_is_a_usage_error(string option, string value) => (await (await StartAsync()).RunAsync(option, value)).Expect(2);

    private async Task<Train> StartAsync() => new(_folder.Path, await _folder.CloneShopAsync());
}
