using AgentFlow.Protocol.Buffers;
using AgentFlow.Protocol.Envelopes;
using AgentFlow.Protocol.Threads;

namespace AgentFlow.Protocol.Tests.Threads;

public sealed class ConversationTests : IDisposable
{
    private readonly TestThread _thread = new();

    public void Dispose() => _thread.Dispose();

    [Fact]
    public void What_one_member_seals_every_other_opens_and_the_hub_accepts()
    {
        byte[] hello = _thread.Seal(_thread.A, "hello");
        Assert.Equal(2, _thread.Append(hello));
        Assert.Equal(OpenOutcome.Own, _thread.Open(_thread.A, hello).Outcome);
        Assert.Equal(OpenOutcome.Opened, _thread.Open(_thread.B, hello, out string atBob).Outcome);
        var atCarol = _thread.Open(_thread.C, hello, out string text);
        Assert.Equal("hello", atBob);
        Assert.Equal("hello", text);
        Assert.Equal(_thread.Alice.Agent, atCarol.Sender);

        byte[] reply = _thread.Seal(_thread.B, "reply");
        _thread.Append(reply);
        _thread.Open(_thread.B, reply);
        Assert.Equal(OpenOutcome.Opened, _thread.Open(_thread.A, reply, out string atAlice).Outcome);
        Assert.Equal("reply", atAlice);
        Assert.Equal(_thread.Hub.ThreadHash, _thread.A.Thread.ThreadHash);
        Assert.Equal(_thread.Hub.ThreadHash, _thread.B.Thread.ThreadHash);
    }

    [Fact]
    public void The_smallest_envelope_has_528_bytes()
    {
        Assert.Equal(528, _thread.Seal(_thread.A, "x").Length);
    }

    [Fact]
    public void Many_frames_travel_under_one_signature()
    {
        using var buffer = TestThread.WritePlaintext("one ", "two ", "three");
        _thread.A.Seal(buffer, _thread.Alice.Device, new SealOptions(TestActor.Now));
        Assert.True(new EnvelopeHeader(buffer.WrittenSpan).IsMultiFrame);
        Assert.Equal(OpenOutcome.Opened, _thread.Open(_thread.B, buffer.WrittenSpan, out string text).Outcome);
        Assert.Equal("one two three", text);
    }

    [Fact]
    public void A_heartbeat_carries_no_frame_and_moves_the_thread()
    {
        byte[] heartbeat = _thread.Seal(_thread.C, null);
        _thread.Append(heartbeat);
        var result = _thread.Open(_thread.A, heartbeat);
        Assert.Equal(OpenOutcome.Opened, result.Outcome);
        Assert.Equal(EnvelopeKind.Heartbeat, result.Envelope.Kind);
    }

    [Fact]
    public void A_read_only_leaf_seals_nothing_but_heartbeats()
    {
        var error = Assert.Throws<InvalidOperationException>(() => _thread.Seal(_thread.C, "hello"));
        Assert.Contains("may only read", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_member_that_was_stored_and_read_again_goes_on()
    {
        byte[] first = _thread.Seal(_thread.A, "first");
        _thread.Append(first);
        using var alice = TestThread.Restore(TestThread.StateOf(_thread.A));
        _thread.B = TestThread.Restore(TestThread.StateOf(_thread.B));
        Assert.Equal(OpenOutcome.Own, _thread.Open(alice, first).Outcome);
        Assert.Equal(OpenOutcome.Opened, _thread.Open(_thread.B, first).Outcome);
        byte[] second = _thread.Seal(alice, "second");
        _thread.Append(second);
        Assert.Equal(OpenOutcome.Opened, _thread.Open(_thread.B, second, out string text).Outcome);
        Assert.Equal("second", text);
    }

    [Fact]
    public void A_thread_whose_state_was_stored_at_the_hub_goes_on()
    {
        using var buffer = new PooledBuffer();
        _thread.Hub.WriteState(buffer);
        Assert.True(PublicThread.TryReadState(buffer.WrittenSpan, out var hub));
        Assert.True(hub.TryCheck(_thread.Seal(_thread.A, "x"), _thread.Checks, out var accepted, out _));
        hub.Accept(accepted);
        Assert.Equal(2, hub.Position);
    }

    [Fact]
    public void A_sender_that_lags_far_behind_is_checked_against_stored_hashes()
    {
        for (int i = 0; i < 100; i++)
            _thread.Append(_thread.Seal(_thread.A, $"message {i}"));
        byte[] late = _thread.Seal(_thread.B, "late");
        Assert.Equal(102, _thread.Append(late));
    }

    [Fact]
    public void Envelopes_sealed_before_any_stands_in_the_thread_are_all_known_again()
    {
        var sealedEnvelopes = Enumerable.Range(0, 300).Select(i => _thread.Seal(_thread.A, $"message {i}")).ToList();
        foreach (byte[] envelope in sealedEnvelopes)
            Assert.Equal(OpenOutcome.Own, _thread.Open(_thread.A, envelope).Outcome);
    }

    [Fact]
    public void Skipped_generations_are_stepped_over_and_a_gap_beyond_1024_is_refused()
    {
        byte[] state = TestThread.StateOf(_thread.A);
        byte[] far = SkippingGenerations(state, 1023);
        Assert.Equal(OpenOutcome.Opened, _thread.Open(_thread.B, far).Outcome);
        Assert.Equal(ProtocolError.Generation, _thread.HubRefusal(SkippingGenerations(state, 1024)));
    }

    [Fact]
    public void An_expired_body_moves_the_thread_and_the_chain()
    {
        byte[] lost = _thread.Seal(_thread.A, "lost");
        byte[] next = _thread.Seal(_thread.A, "next");
        using var plaintext = new PooledBuffer();
        var result = _thread.B.Open(2, [.. lost[..192], .. lost[^64..]], isExpired: true, plaintext, _thread.Checks);
        Assert.Equal(OpenOutcome.Expired, result.Outcome);
        Assert.Equal(OpenOutcome.Opened, _thread.Open(_thread.B, next, out string text).Outcome);
        Assert.Equal("next", text);
    }

    /// <summary>The first envelope of a restored copy, as a sender would seal it that used up generations elsewhere.</summary>
    private byte[] SkippingGenerations(byte[] state, int count)
    {
        const int generationAt = 46, chainAt = 50 + 2 + 4 + 32;
        byte[] skipped = [.. state];
        Span<byte> discarded = stackalloc byte[32];
        for (uint generation = 1; generation <= count; generation++)
            MessageRatchet.Step(skipped.AsSpan(chainAt, 32), generation, 0, discarded);
        BitConverter.TryWriteBytes(skipped.AsSpan(generationAt), count);
        using var copy = TestThread.Restore(skipped);
        return _thread.Seal(copy, "x");
    }
}
