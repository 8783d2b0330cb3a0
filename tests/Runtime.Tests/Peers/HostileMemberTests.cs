using System.Security.Cryptography;
using AgentFlow.Contracts;
using AgentFlow.Hosting;
using AgentFlow.Protocol.Approvals;
using AgentFlow.Protocol.Frames;
using AgentFlow.Runtime.Tests.Train;
using AgentFlow.Store;
using AgentFlow.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AgentFlow.Runtime.Tests.Peers;

/// <summary>What a member of a thread can do to the others by what it sends.</summary>
public sealed class HostileMemberTests : IDisposable
{
    private readonly RemotePerson _grace = new("grace");
    private readonly TrainProbe _probe = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _grace.Dispose();

    [Fact]
    public async Task A_request_with_a_field_that_nobody_is_shown_is_never_asked()
    {
        await using var host = await RemoteTrain.StartAsync(_grace, _probe);
        var card = await RemoteTrain.AskAsync(host);
        byte[] hidden = [.. RemoteTrain.Encode(new Deploy("shop", "6.6.6", "1.8.2", Risk.Low)), 0xA2, 0x06, 0x01, 0x58];
        await _grace.AskAsync(host.Hub, card.Thread, hidden);
        var info = await host.Flow.WaitForAsync(card.Thread, static info => info.PendingApprovals.Count > 1, Cancel);
        Assert.Equal(ThreadOutcome.Parked, info.Outcome);
        Assert.Contains("can never be approved: payload.malformed", info.Reason!, StringComparison.Ordinal);
        Assert.Equal(card.Id, Assert.Single(await host.Flow.Approvals.ListPendingAsync(Cancel)).Id);
    }

    [Fact]
    public async Task A_payload_that_its_contract_refuses_is_a_dead_letter_at_once()
    {
        await using var host = await RemoteTrain.StartAsync(_grace, _probe, configure: options => options.AcceptThreadsFrom.Add(_grace.Id));
        var thread = await _grace.CreateThreadAsync(host.Hub, "guard");
        var contract = new ContractEntry(AgentFlowModule.Descriptor.Messages.Single(message => message.ClrType == typeof(GuardOrder)));
        var header = new FrameHeader { Contract = contract.Id, Major = contract.Major, Codec = FrameCodec.Protobuf, SchemaHash = contract.SchemaHash };
        await _grace.SendAsync(host.Hub, thread, header, ReadOnlyMemory<byte>.Empty);
        IReadOnlyList<DeadLetter> letters;
        while ((letters = await host.Flow.ListDeadLettersAsync(Cancel)).Count == 0)
            await Task.Yield();
        Assert.Equal(("payload.malformed", 0), (letters[0].Cause, letters[0].Attempts));
        Assert.Null(Assert.Single(await host.Flow.ReadMessagesAsync(thread, Cancel)).Message);
    }

    [Fact]
    public async Task A_message_that_needs_newer_code_keeps_what_was_asked_before_it_from_running()
    {
        await using var host = await RemoteTrain.StartAsync(_grace, _probe);
        var card = await RemoteTrain.AskAsync(host);
        var unknown = new FrameHeader { Contract = ContractIds.Of("future.thing"), Major = 1, Codec = FrameCodec.Protobuf, SchemaHash = default };
        await _grace.SendAsync(host.Hub, card.Thread, unknown, new byte[] { 8, 1 });
        await host.Person("ada").ApproveAsync(card, cancellationToken: Cancel);
        ThreadInfo? info;
        while (!(info = await host.Flow.GetThreadAsync(card.Thread, Cancel))!.HasEnded)
            host.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(ThreadOutcome.Expired, info.Outcome);
        Assert.Empty(_probe.DeployKeys);
    }

    [Fact]
    public async Task The_ids_of_envelopes_to_come_cannot_be_taken_by_others()
    {
        HubProxy? proxy = null;
        await using var host = await RemoteTrain.StartAsync(_grace, _probe, hub => proxy = hub);
        int appends = 0;
        proxy!.OnAppend = async thread =>
        {
            if (Interlocked.Increment(ref appends) == 2)
                await TakeNextIdAsync(proxy, thread);
        };
        var card = await RemoteTrain.AskAsync(host);
        Assert.Equal("Deploy shop 1.9.0 to production", card.Summary);
        Assert.Equal(ThreadOutcome.Running, (await host.Flow.GetThreadAsync(card.Thread, Cancel))!.Outcome);
    }

    [Fact]
    public async Task Who_only_follows_a_request_is_not_misled_by_a_claim_below_which_nothing_is_met()
    {
        await using var host = await RemoteTrain.StartAsync(_grace, _probe);
        var card = await RemoteTrain.AskAsync(host);
        await ClaimAsync(host.Hub, card);
        await host.Person("ada").ApproveAsync(card, cancellationToken: Cancel);
        Assert.Equal(ThreadOutcome.Completed, (await host.Flow.WaitForOutcomeAsync(card.Thread, Cancel)).Outcome);
        Assert.Equal(Engine.ApprovalVerdict.Approved, await FollowedAsync(host, card.Thread));
    }

    [Fact]
    public async Task The_claim_of_another_member_keeps_nobody_from_taking_an_answer_back()
    {
        HubProxy? proxy = null;
        await using var host = await RemoteTrain.StartAsync(_grace, _probe, hub => proxy = hub);
        var card = await RemoteTrain.AskAsync(host);
        int appends = 0;
        var (claims, goOn) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource());
        proxy!.OnAppend = async _ =>
        {
            if (Interlocked.Increment(ref appends) != 2)
                return;
            claims.SetResult();
            await goOn.Task;
        };
        await host.Person("ada").ApproveAsync(card, cancellationToken: Cancel);
        await claims.Task.WaitAsync(Cancel);
        await ClaimAsync(proxy.Inner, card);
        Assert.Equal(Engine.ApprovalVerdict.Approved, await FollowedAsync(host, card.Thread));
        Assert.Equal(DecisionStatus.Recorded, (await host.Person("ada").WithdrawAsync(card, cancellationToken: Cancel)).Status);
        goOn.SetResult();
        Assert.Equal(ThreadOutcome.Refused, (await host.Flow.WaitForOutcomeAsync(card.Thread, Cancel)).Outcome);
        Assert.Empty(_probe.DeployKeys);
    }

    [Fact]
    public async Task Forged_votes_cost_no_look_at_the_hub_and_signed_ones_one_each_envelope()
    {
        HubProxy? proxy = null;
        await using var host = await RemoteTrain.StartAsync(_grace, _probe, hub => proxy = hub);
        var card = await RemoteTrain.AskAsync(host);
        int looks = 0;
        proxy!.OnReadAgent = found =>
        {
            if (found.Agent == _grace.Id)
                Interlocked.Increment(ref looks);
            return found;
        };
        var header = BuiltInContracts.Header(BuiltInContracts.Approval);
        byte[] forged = await _grace.SignAsync(proxy.Inner, card, _grace.Keys.Approver!, static vote => vote with { LogHead = Anything() });
        forged[350] ^= 1;
        await _grace.SendAsync(proxy.Inner, card.Thread, header, forged);
        await host.Flow.WaitForAsync(card.Thread, static info => info.Position >= 5, Cancel);
        await RemoteTrain.ReceivedAsync(host, card.Thread, 5);
        Assert.Equal(0, looks);

        var signed = new List<ReadOnlyMemory<byte>>();
        for (int i = 0; i < 5; i++)
            signed.Add(await _grace.SignAsync(proxy.Inner, card, _grace.Keys.Approver!, static vote => vote with { LogHead = Anything() }));
        await _grace.SendAsync(proxy.Inner, card.Thread, header, signed);
        await RemoteTrain.ReceivedAsync(host, card.Thread, 6);

        // Two members of this process keep a file on the request, and each looks for itself.
        Assert.InRange(looks, 1, 3);
    }

    private static Bytes32 Anything() => new(RandomNumberGenerator.GetBytes(32));

    private Task ClaimAsync(Protocol.Hub.IHub hub, ApprovalCard card) => ClaimAsync(hub, card.Thread, card.Position);

    private async Task ClaimAsync(Protocol.Hub.IHub hub, ThreadId thread, long position)
    {
        var (request, _) = await _grace.ReadAsync(hub, thread, position);
        await _grace.SendAsync(hub, thread, BuiltInContracts.Header(BuiltInContracts.Claim), ApprovalClaim.ToPayload(request));
    }

    /// <summary>How the person of this process, who only follows, sees the request end.</summary>
    private static async Task<Engine.ApprovalVerdict> FollowedAsync(AgentFlowTestHost host, ThreadId thread)
    {
        var engine = host.Services.GetRequiredService<RuntimeHost>().Running.Engine;
        var ada = engine.Agents.Values.Single(agent => agent.Name == "ada").Id;
        using var listener = engine.Signals.Listen(thread);
        while (true)
        {
            var row = Assert.Single(await engine.Store.ListApprovalsAsync(new ApprovalQuery(ada, thread, null, 10), Cancel));
            if (row.State == AgentFlow.Store.ApprovalState.Finished)
                return Engine.ApprovalFile.Decode(row.Bytes).Verdict;
            await listener.NextAsync(Cancel);
        }
    }

    /// <summary>Sends under the id that a hash of what all members know gives for the answer to the first message.</summary>
    private async Task TakeNextIdAsync(HubProxy proxy, ThreadId thread)
    {
        var qa = (await proxy.Inner.ResolveNameAsync("qa", Cancel))!.Value;
        var (envelope, record) = await _grace.ReadAsync(proxy.Inner, thread, 2);
        byte[] hash = SHA256.HashData([.. "AgentFlow msg-id"u8, .. envelope.Span, .. qa.Span, .. new byte[4], 0, .. new byte[4]]);
        var id = MessageId.Derive(Engine.MemberSession.TimeOf(record), hash);
        var note = BuiltInContracts.Header(BuiltInContracts.Leaf);
        await _grace.SendAsync(proxy.Inner, thread, note, ReadOnlyMemory<byte>.Empty, id: id);
    }
}
