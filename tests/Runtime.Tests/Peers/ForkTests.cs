using AgentFlow.Protocol.Envelopes;
using AgentFlow.Protocol.Frames;
using AgentFlow.Protocol.Hub;
using AgentFlow.Runtime.Tests.Train;
using AgentFlow.Testing;

namespace AgentFlow.Runtime.Tests.Peers;

/// <summary>A device, or the hub, that says two things about one thread.</summary>
public sealed class ForkTests : IDisposable
{
    private readonly RemotePerson _grace = new("grace");
    private readonly TrainProbe _probe = new();
    private HubProxy? _proxy;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _grace.Dispose();

    [Fact]
    public async Task Two_envelopes_of_one_device_for_one_place_are_kept_and_prove_it_to_anybody()
    {
        await using var host = await RemoteTrain.StartAsync(_grace, _probe, hub => _proxy = hub);
        var card = await RemoteTrain.AskAsync(host);
        var (first, second) = await _grace.SealTwoNotesAsync(_proxy!.Inner, card.Thread);
        await RemotePerson.AppendAsync(_proxy.Inner, card.Thread, first);
        await RemoteTrain.ReceivedAsync(host, card.Thread, card.Position + 1);
        Show(card.Position + 2, stored => stored with { Envelope = second });
        await RemotePerson.AppendAsync(_proxy.Inner, card.Thread, await _grace.SealNoteAsync(_proxy.Inner, card.Thread));

        var evidence = await EvidenceAsync(host, card.Thread);
        Assert.True(evidence.IsEquivocation);
        Assert.Equal((card.Position + 2, _grace.Keys.Device.PublicKey), (evidence.Position, evidence.Device));
        Assert.True(EquivocationEvidence.TryVerify(evidence.Context, evidence.Device, evidence.First.Span, evidence.Second.Span, out _));
    }

    [Fact]
    public async Task An_envelope_that_acknowledges_another_thread_is_kept_as_evidence()
    {
        await using var host = await RemoteTrain.StartAsync(_grace, _probe, hub => _proxy = hub);
        var card = await RemoteTrain.AskAsync(host);
        byte[] note = await _grace.SealNoteAsync(_proxy!.Inner, card.Thread);
        var other = new HubProxy(_proxy.Inner) { OnReadThread = (_, page) => Swap(page, card.Position + 1) };
        int appends = 0;
        _proxy.OnAppend = async thread =>
        {
            // The note goes before ada's vote, and grace alone sees them the other way round. What she says then is shown in place of the claim.
            int append = Interlocked.Increment(ref appends);
            if (append == 1)
                await RemotePerson.AppendAsync(_proxy.Inner, thread, note);
            if (append != 2)
                return;
            byte[] forked = await _grace.SealNoteAsync(other, thread);
            Show(card.Position + 3, stored => stored with { Envelope = forked });
        };
        await host.Person("ada").ApproveAsync(card, cancellationToken: Cancel);

        var evidence = await EvidenceAsync(host, card.Thread);
        Assert.False(evidence.IsEquivocation);
        Assert.Equal((card.Position + 3, _grace.Keys.Device.PublicKey), (evidence.Position, evidence.Device));
        Assert.True(EnvelopeView.TryReadExpired(evidence.First.Span, out var view, out _));
        Assert.Equal((ulong)card.Position + 2, view.Header.AckSeq);
    }

    [Fact]
    public async Task Damaged_bytes_prove_nothing_and_are_not_kept()
    {
        await using var host = await RemoteTrain.StartAsync(_grace, _probe, hub => _proxy = hub);
        var card = await RemoteTrain.AskAsync(host);
        Show(card.Position + 1, stored => stored with { Envelope = stored.Envelope[..^1] });
        await RemotePerson.AppendAsync(_proxy!.Inner, card.Thread, await _grace.SealNoteAsync(_proxy.Inner, card.Thread));
        var info = await host.Flow.WaitForOutcomeAsync(card.Thread, Cancel);
        Assert.Equal($"thread.gap at position {card.Position + 1}: Length", info.Reason);
        Assert.Empty((await host.Flow.VerifyThreadAsync(card.Thread, Cancel)).Evidence);
    }

    [Fact]
    public async Task An_expired_envelope_that_acknowledges_an_older_position_is_passed_after_a_restart()
    {
        await using var host = await RemoteTrain.StartAsync(_grace, _probe, hub => _proxy = hub);
        var card = await RemoteTrain.AskAsync(host);
        byte[] first = await _grace.SealNoteAsync(_proxy!.Inner, card.Thread), second = await _grace.SealNoteAsync(_proxy.Inner, card.Thread);
        await RemotePerson.AppendAsync(_proxy.Inner, card.Thread, first);
        await RemoteTrain.ReceivedAsync(host, card.Thread, card.Position + 1);
        await host.RestartAsync(Cancel);
        Show(card.Position + 2, static stored => stored with { Envelope = WithoutBody(stored.Envelope), IsExpired = true });
        await RemotePerson.AppendAsync(_proxy.Inner, card.Thread, second);
        await RemoteTrain.ReceivedAsync(host, card.Thread, card.Position + 2);
        Assert.Equal(ThreadOutcome.Running, (await host.Flow.GetThreadAsync(card.Thread, Cancel))!.Outcome);
    }

    private static byte[] WithoutBody(ReadOnlyMemory<byte> envelope)
    {
        Assert.True(EnvelopeView.TryRead(envelope.Span, out var view, out _));
        return [.. view.Header.Bytes, .. view.Trailer];
    }

    private static ThreadPage Swap(ThreadPage page, long position)
    {
        var envelopes = page.Envelopes.ToArray();
        int first = Array.FindIndex(envelopes, stored => stored.Position == position);
        if (first >= 0 && first + 1 < envelopes.Length)
            (envelopes[first], envelopes[first + 1]) = (envelopes[first + 1] with { Position = position }, envelopes[first] with { Position = position + 1 });
        return page with { Envelopes = envelopes };
    }

    /// <summary>Has the hub give out something else at a position, however it is asked.</summary>
    private void Show(long position, Func<StoredEnvelope, StoredEnvelope> change)
    {
        _proxy!.OnDeliver = delivery => delivery.Envelope.Position == position ? delivery with { Envelope = change(delivery.Envelope) } : delivery;
        _proxy.OnReadThread = (_, page) => page with { Envelopes = [.. page.Envelopes.Select(stored => stored.Position == position ? change(stored) : stored)] };
    }

    private static async Task<ThreadForkEvidence> EvidenceAsync(AgentFlowTestHost host, ThreadId thread)
    {
        var info = await host.Flow.WaitForOutcomeAsync(thread, Cancel);
        Assert.Contains("evidence of a fork is kept", info.Reason ?? "", StringComparison.Ordinal);
        return (await host.Flow.VerifyThreadAsync(thread, Cancel)).Evidence[0];
    }
}
