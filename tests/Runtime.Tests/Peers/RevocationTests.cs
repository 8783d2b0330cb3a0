using AgentFlow.Engine;
using AgentFlow.Hosting;
using AgentFlow.Protocol.Approvals;
using AgentFlow.Protocol.Crypto;
using AgentFlow.Protocol.Hub;
using AgentFlow.Protocol.Identity;
using AgentFlow.Runtime.Tests.Train;
using AgentFlow.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AgentFlow.Runtime.Tests.Peers;

public sealed class RevocationTests : IDisposable
{
    private readonly RemotePerson _grace = new("grace");
    private readonly TrainProbe _probe = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _grace.Dispose();

    [Fact]
    public async Task A_key_that_its_owner_revoked_after_the_thread_began_does_not_approve()
    {
        await using var host = await StartAsync();
        var card = await RemoteTrain.AskAsync(host);
        var head = _grace.Log.Head;
        using var fresh = await _grace.AddApproverAsync(host.Hub);
        await _grace.RevokeAsync(host.Hub, _grace.Keys.Approver!);
        await _grace.VoteAsync(host.Hub, card, Decision.Yes, _grace.Keys.Approver!, head);
        await _grace.VoteAsync(host.Hub, card, Decision.No, fresh);
        var end = await host.Flow.WaitForOutcomeAsync(card.Thread, Cancel);
        Assert.Equal(ThreadOutcome.Refused, end.Outcome);
        Assert.Empty(_probe.DeployKeys);
    }

    [Fact]
    public async Task A_key_that_was_added_after_the_thread_began_approves()
    {
        await using var host = await StartAsync();
        var card = await RemoteTrain.AskAsync(host);
        using var fresh = await _grace.AddApproverAsync(host.Hub);
        await _grace.VoteAsync(host.Hub, card, Decision.Yes, fresh);
        Assert.Equal(ThreadOutcome.Completed, (await host.Flow.WaitForOutcomeAsync(card.Thread, Cancel)).Outcome);
        Assert.Single(_probe.DeployKeys);
    }

    [Fact]
    public async Task A_key_that_is_revoked_while_the_claim_is_under_way_does_not_approve()
    {
        HubProxy? proxy = null;
        await using var host = await StartAsync(hub => proxy = hub);
        var card = await RemoteTrain.AskAsync(host);
        proxy!.OnAppend = _ =>
        {
            proxy.OnAppend = static _ => Task.CompletedTask;
            return _grace.RevokeAsync(proxy.Inner, _grace.Keys.Approver!);
        };
        await _grace.VoteAsync(proxy.Inner, card, Decision.Yes, _grace.Keys.Approver!);
        var end = await host.Flow.WaitForOutcomeAsync(card.Thread, Cancel);
        Assert.Equal(ThreadOutcome.Refused, end.Outcome);
        Assert.Empty(_probe.DeployKeys);
    }

    [Fact]
    public async Task Nothing_is_sent_in_a_thread_of_which_a_device_was_revoked_and_the_thread_says_so()
    {
        HubProxy? proxy = null;
        await using var host = await StartAsync(hub => proxy = hub);
        var card = await RemoteTrain.AskAsync(host);
        int sent = 0;
        proxy!.OnAppend = _ => Task.FromResult(Interlocked.Increment(ref sent));
        await _grace.RevokeAsync(proxy.Inner, _grace.Keys.Device);
        await _grace.VoteAsync(proxy.Inner, card, Decision.Yes, _grace.Keys.Approver!);
        var end = await host.Flow.WaitForAsync(card.Thread, static info => info.Outcome != ThreadOutcome.Running, Cancel);
        Assert.Equal(ThreadOutcome.Parked, end.Outcome);
        Assert.StartsWith("device.revoked: a device of 'grace'", end.Reason, StringComparison.Ordinal);
        var refused = await Assert.ThrowsAsync<AgentFlowException>(async () => await host.Person("ada").ApproveAsync(card, cancellationToken: Cancel));
        Assert.Equal("device.revoked", refused.Code);
        Assert.Equal(0, sent);
        Assert.Empty(_probe.DeployKeys);
    }

    [Fact]
    public async Task A_hub_that_is_behind_the_pin_does_not_keep_a_thread_from_starting()
    {
        HubProxy? proxy = null;
        await using var host = await StartAsync(hub => proxy = hub);
        var old = new Protocol.Hub.AgentRegistration(_grace.Id, _grace.Log.Bytes, _grace.Keys.Bundle.Bytes);
        using var fresh = await _grace.AddApproverAsync(host.Hub);
        await RemoteTrain.AskAsync(host);
        proxy!.OnReadAgent = found => found.Agent == _grace.Id ? old : found;
        var card = await RemoteTrain.AskAsync(host);
        await _grace.VoteAsync(proxy.Inner, card, Decision.Yes, fresh);
        Assert.Equal(ThreadOutcome.Completed, (await host.Flow.WaitForOutcomeAsync(card.Thread, Cancel)).Outcome);
    }

    [Fact]
    public async Task A_key_of_a_person_of_this_process_that_was_revoked_elsewhere_does_not_approve()
    {
        await using var host = await StartAsync();
        var card = await RemoteTrain.AskAsync(host);
        var ada = Engine(host).Agents.Values.Single(agent => agent.Name == "ada").Keys;
        using var root = SigningKey.FromSeed(ada.Secrets.Root!);
        var longer = IdentityLogWriter.RevokeKey(ada.Log, ada.Approver!.PublicKey, 0, 0, root, 0);
        Assert.Equal(HubStatus.Ok, await host.Hub.RegisterAgentAsync(new AgentRegistration(ada.Agent, longer.Bytes, ada.Bundle.Bytes), Cancel));
        await host.Person("ada").ApproveAsync(card, cancellationToken: Cancel);
        await _grace.VoteAsync(host.Hub, card, Decision.No, _grace.Keys.Approver!);
        Assert.Equal(ThreadOutcome.Refused, (await host.Flow.WaitForOutcomeAsync(card.Thread, Cancel)).Outcome);
        Assert.Empty(_probe.DeployKeys);
        await host.RestartAsync(Cancel);
        Assert.Equal(longer.Head, Engine(host).Peers.Find(ada.Agent)!.Head);
    }

    private static EngineServices Engine(AgentFlowTestHost host) => host.Services.GetRequiredService<RuntimeHost>().Running.Engine;

    private Task<AgentFlowTestHost> StartAsync(Action<HubProxy>? take = null) => RemoteTrain.StartAsync(_grace, _probe, take);
}
