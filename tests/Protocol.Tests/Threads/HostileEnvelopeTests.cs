using AgentFlow.Protocol.Buffers;
using AgentFlow.Protocol.Envelopes;
using AgentFlow.Protocol.Threads;

namespace AgentFlow.Protocol.Tests.Threads;

public sealed class HostileEnvelopeTests : IDisposable
{
    private readonly TestThread _thread = new();

    private Bytes32 Context => _thread.Hub.Epoch.Context;

    public void Dispose() => _thread.Dispose();

    [Fact]
    public void No_bit_of_the_smallest_envelope_can_be_flipped()
    {
        byte[] good = _thread.Seal(_thread.B, "x");
        byte[] before = TestThread.StateOf(_thread.A);
        for (int bit = 0; bit < good.Length * 8; bit++)
        {
            byte[] changed = [.. good];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            bool isBody = bit / 8 is >= 192 and < 464;
            Assert.Equal(isBody, _thread.Hub.TryCheck(changed, _thread.Checks, out _, out _));
            var result = _thread.Open(_thread.A, changed);
            Assert.Equal(isBody ? OpenOutcome.Damaged : OpenOutcome.HubFault, result.Outcome);
            Assert.False(result.HasAdvanced);
        }

        Assert.Equal(before, TestThread.StateOf(_thread.A));
        Assert.Equal(OpenOutcome.Opened, _thread.Open(_thread.A, good).Outcome);
    }

    [Fact]
    public void No_truncation_and_no_extra_byte_is_accepted()
    {
        byte[] good = _thread.Seal(_thread.B, "x");
        for (int length = 0; length < good.Length; length++)
            Assert.Equal(OpenOutcome.HubFault, _thread.Open(_thread.A, good.AsSpan(0, length)).Outcome);
        Assert.Equal(ProtocolError.Length, _thread.HubRefusal([.. good, 0]));
        Assert.Equal(1, _thread.A.Thread.Position);
    }

    [Theory]
    [InlineData("thread", ProtocolError.ThreadMismatch)]
    [InlineData("epoch", ProtocolError.StaleEpoch)]
    [InlineData("epoch back", ProtocolError.StaleEpoch)]
    [InlineData("leaf of another", ProtocolError.Signature)]
    [InlineData("no leaf", ProtocolError.UnknownLeaf)]
    [InlineData("generation 0", ProtocolError.Generation)]
    [InlineData("seq", ProtocolError.SenderSequence)]
    [InlineData("seq 0", ProtocolError.SenderSequence)]
    [InlineData("previous", ProtocolError.PreviousEnvelope)]
    [InlineData("ack ahead", ProtocolError.Acknowledgement)]
    [InlineData("ack hash", ProtocolError.ThreadFork)]
    [InlineData("kind 3", ProtocolError.Kind)]
    [InlineData("reserved flag", ProtocolError.Reserved)]
    [InlineData("multi-frame heartbeat", ProtocolError.Reserved)]
    [InlineData("suite", ProtocolError.Suite)]
    [InlineData("version", ProtocolError.Version)]
    [InlineData("magic", ProtocolError.Magic)]
    [InlineData("header length", ProtocolError.Length)]
    public void A_field_that_its_own_device_signed_wrongly_is_refused(string field, ProtocolError expected)
    {
        byte[] changed = Hostile.Resign(_thread.Seal(_thread.B, "x"), Context, _thread.Bob.Device, header =>
        {
            switch (field)
            {
                case "thread": header[8] ^= 1; break;
                case "epoch": Hostile.SetUInt64(header, 40, 2); break;
                case "epoch back": Hostile.SetUInt64(header, 40, 0); break;
                case "leaf of another": Hostile.SetUInt32(header, 48, 0); break;
                case "no leaf": Hostile.SetUInt32(header, 48, uint.MaxValue); break;
                case "generation 0": Hostile.SetUInt32(header, 52, 0); break;
                case "seq": Hostile.SetUInt64(header, 56, 2); break;
                case "seq 0": Hostile.SetUInt64(header, 56, 0); break;
                case "previous": header[64] ^= 1; break;
                case "ack ahead": Hostile.SetUInt64(header, 96, ulong.MaxValue); break;
                case "ack hash": header[104] ^= 1; break;
                case "kind 3": header[4] = 3; break;
                case "reserved flag": header[5] = 2; break;
                case "multi-frame heartbeat": (header[4], header[5]) = (4, 1); break;
                case "suite": header[3] = 2; break;
                case "version": header[2] = 2; break;
                case "magic": header[0] = 0; break;
                default: header[7] = 1; break;
            }
        });
        Assert.Equal(expected, _thread.HubRefusal(changed));
        Assert.Equal(expected, _thread.Open(_thread.A, changed).Error);
        Assert.Equal(1, _thread.A.Thread.Position);
    }

    [Fact]
    public void A_read_only_leaf_sends_no_message_even_if_it_signs_one()
    {
        byte[] heartbeat = _thread.Seal(_thread.C, null);
        byte[] app = Hostile.Resign(heartbeat, Context, _thread.Carol.Device, static header => header[4] = 1);
        Assert.Equal(ProtocolError.Role, _thread.HubRefusal(app));
    }

    [Fact]
    public void A_replay_is_refused_also_after_a_restart()
    {
        byte[] once = _thread.Seal(_thread.B, "once");
        _thread.Append(once);
        _thread.Open(_thread.A, once);
        Assert.Equal(ProtocolError.Generation, _thread.HubRefusal(once));
        Assert.Equal(OpenOutcome.HubFault, _thread.Open(_thread.A, once).Outcome);
        using var restarted = TestThread.Restore(TestThread.StateOf(_thread.A));
        Assert.Equal(OpenOutcome.HubFault, _thread.Open(restarted, once).Outcome);
        byte[] raised = Hostile.Resign(once, Context, _thread.Bob.Device, static header => Hostile.SetUInt32(header, 52, 2));
        Assert.Equal(ProtocolError.SenderSequence, _thread.HubRefusal(raised));
    }

    [Fact]
    public void Reordered_and_dropped_envelopes_are_noticed()
    {
        byte[] first = _thread.Seal(_thread.B, "first");
        byte[] second = _thread.Seal(_thread.B, "second");
        Assert.Equal(ProtocolError.SenderSequence, _thread.HubRefusal(second));
        Assert.Equal(OpenOutcome.HubFault, _thread.Open(_thread.A, second).Outcome);
        Assert.Equal(OpenOutcome.Opened, _thread.Open(_thread.A, first).Outcome);
        Assert.Equal(OpenOutcome.Opened, _thread.Open(_thread.A, second).Outcome);
    }

    [Fact]
    public void A_position_that_is_not_the_next_one_is_refused()
    {
        byte[] envelope = _thread.Seal(_thread.B, "x");
        using var plaintext = new PooledBuffer();
        foreach (long position in new[] { 0, 1, 3, long.MinValue, long.MaxValue })
            Assert.Equal(ProtocolError.Position, _thread.A.Open(position, envelope, isExpired: false, plaintext, _thread.Checks).Error);
    }

    [Fact]
    public void An_envelope_of_another_thread_is_refused()
    {
        using var other = new TestThread();
        Assert.Equal(ProtocolError.ThreadMismatch, _thread.HubRefusal(other.Seal(other.B, "x")));
    }

    [Fact]
    public void A_hub_that_shows_two_views_is_found_out_by_the_next_acknowledgement()
    {
        byte[] toAlice = _thread.Seal(_thread.B, "to alice");
        byte[] toCarol = _thread.Seal(_thread.A, "to carol");
        _thread.Open(_thread.A, toAlice);
        _thread.Open(_thread.C, toCarol);
        byte[] fromCarol = _thread.Seal(_thread.C, null);
        var result = _thread.Open(_thread.A, fromCarol);
        Assert.Equal((OpenOutcome.HubFault, ProtocolError.ThreadFork), (result.Outcome, result.Error));
    }

    [Fact]
    public void A_device_that_says_two_things_leaves_a_proof()
    {
        using var copy = TestThread.Restore(TestThread.StateOf(_thread.B));
        byte[] one = _thread.Seal(_thread.B, "one"), other = _thread.Seal(copy, "other"), next = _thread.Seal(copy, "next");
        _thread.Append(one);
        _thread.HubRefusal(other);
        Assert.True(Evidence(one, other, _thread.Bob.Device.PublicKey, out var evidence));
        Assert.True(EquivocationEvidence.TryVerify(Context, _thread.Bob.Device.PublicKey, evidence.First.Span, evidence.Second.Span, out _));
        Assert.False(Evidence(one, one, _thread.Bob.Device.PublicKey, out _));
        Assert.False(Evidence(one, next, _thread.Bob.Device.PublicKey, out _));
        Assert.False(Evidence(one, other, _thread.Alice.Device.PublicKey, out _));
        Assert.False(EquivocationEvidence.TryVerify(default, _thread.Bob.Device.PublicKey, evidence.First.Span, evidence.Second.Span, out _));
    }

    [Fact]
    public void A_store_that_was_rolled_back_notices_its_own_later_envelopes_and_stops()
    {
        byte[] old = TestThread.StateOf(_thread.B);
        byte[] sent = _thread.Seal(_thread.B, "sent");
        using var restored = TestThread.Restore(old);
        Assert.Equal(OpenOutcome.OwnConflict, _thread.Open(restored, sent).Outcome);
        _thread.Seal(restored, "sent twice");
        Assert.Equal(OpenOutcome.OwnConflict, _thread.Open(restored, sent).Outcome);
        Assert.Equal(1, restored.Thread.Position);
    }

    private bool Evidence(byte[] first, byte[] second, Bytes32 device, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out EquivocationEvidence? evidence)
    {
        Assert.True(EnvelopeView.TryRead(first, out var a, out _));
        Assert.True(EnvelopeView.TryRead(second, out var b, out _));
        return EquivocationEvidence.TryCreate(Context, device, a, b, out evidence);
    }
}
