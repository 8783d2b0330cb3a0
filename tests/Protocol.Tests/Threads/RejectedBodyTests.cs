using AgentFlow.Protocol.Buffers;
using AgentFlow.Protocol.Crypto;
using AgentFlow.Protocol.Envelopes;
using AgentFlow.Protocol.Threads;

namespace AgentFlow.Protocol.Tests.Threads;

public sealed class RejectedBodyTests : IDisposable
{
    private readonly TestThread _thread = new();

    public void Dispose() => _thread.Dispose();

    [Fact]
    public void A_bad_signed_envelope_is_refetched_once_then_passed_and_the_thread_goes_on()
    {
        byte[] good = _thread.Seal(_thread.B, "good"), next = _thread.Seal(_thread.B, "next");
        byte[] damaged = [.. good];
        damaged[300] ^= 1;
        _thread.Append(damaged);
        byte[] before = TestThread.StateOf(_thread.A);
        var first = _thread.Open(_thread.A, damaged);
        Assert.Equal((OpenOutcome.Damaged, ProtocolError.Decryption), (first.Outcome, first.Error));
        Assert.Equal(before, TestThread.StateOf(_thread.A));
        var final = _thread.Open(_thread.A, damaged, OpenMode.Final);
        Assert.Equal(OpenOutcome.Rejected, final.Outcome);
        Assert.Equal(_thread.Hub.ThreadHash, _thread.A.Thread.ThreadHash);
        Assert.Equal(OpenOutcome.Opened, _thread.Open(_thread.A, next, out string text).Outcome);
        Assert.Equal("next", text);
    }

    [Fact]
    public void The_key_of_a_rejected_envelope_opens_it_when_the_hub_finds_its_body_again()
    {
        byte[] good = _thread.Seal(_thread.B, "good"), damaged = [.. good];
        damaged[300] ^= 1;
        using var kept = new PooledBuffer();
        using var plaintext = new PooledBuffer();
        var result = _thread.A.Open(2, damaged, isExpired: false, kept, _thread.Checks, OpenMode.Final);
        Assert.Equal(32, kept.Length);
        Assert.Equal(ProtocolError.Decryption, ThreadMember.OpenRejected(kept.WrittenSpan, result.Context, result.Envelope.Digest, damaged, plaintext, out _));
        byte[] other = _thread.Seal(_thread.B, "other");
        Assert.Equal(ProtocolError.Signature, ThreadMember.OpenRejected(kept.WrittenSpan, result.Context, result.Envelope.Digest, other, plaintext, out _));
        Assert.Equal(
            ProtocolError.None, ThreadMember.OpenRejected(kept.WrittenSpan, result.Context, result.Envelope.Digest, good, plaintext, out var commitmentKey));
        Assert.Equal(256, plaintext.Length);
        Assert.True(MessageBody.Matches(result.Context, commitmentKey, new EnvelopeHeader(good), plaintext.WrittenSpan));
    }

    [Fact]
    public void A_plaintext_that_the_signature_does_not_commit_to_is_rejected()
    {
        byte[] chain = [.. TestThread.StateOf(_thread.B).AsSpan(50 + 2 + 4 + 32 + 32, 32)], keys = new byte[64], messageKey = new byte[32];
        byte[] envelope = _thread.Seal(_thread.B, "what is committed");
        MessageRatchet.Step(chain, 1, 1, messageKey);
        AfHash.Kdf2(messageKey, Labels.Message, new EnvelopeHeader(envelope).Nonce, [], keys);
        using var shown = TestThread.WritePlaintext("what is shown");
        Bytes32 context = _thread.Hub.Epoch.Context;
        LocalAead.Seal(
            keys.AsSpan(0, 32), new EnvelopeHeader(envelope).Nonce, [.. context.Span, .. envelope[..192]], shown.WrittenSpan[192..], envelope.AsSpan(192, 272));
        var result = _thread.Open(_thread.A, envelope);
        Assert.Equal((OpenOutcome.Damaged, ProtocolError.Commitment), (result.Outcome, result.Error));
        Assert.Equal(OpenOutcome.Rejected, _thread.Open(_thread.A, envelope, OpenMode.Final).Outcome);
    }

    [Theory]
    [InlineData(0, 0, ProtocolError.Padding)]
    [InlineData(0, 1, ProtocolError.Padding)]
    [InlineData(1, 0, ProtocolError.Padding)]
    public void Wrong_padding_is_rejected(byte frameCount, byte second, ProtocolError expected)
    {
        using var buffer = new PooledBuffer();
        buffer.SetLength(192 + 256);
        buffer.WrittenSpan[192] = frameCount;
        buffer.WrittenSpan[193] = second;
        _thread.B.Seal(buffer, _thread.Bob.Device, new SealOptions(TestActor.Now));
        var result = _thread.Open(_thread.A, buffer.WrittenSpan, OpenMode.Final);
        Assert.Equal((OpenOutcome.Rejected, expected), (result.Outcome, result.Error));
    }

    [Fact]
    public void A_body_shorter_than_its_tag_is_rejected_like_any_other()
    {
        byte[] good = _thread.Seal(_thread.B, "x");
        byte[] tiny = [.. good[..192], .. good[^64..]];
        byte[] resigned = Hostile.Resign(tiny, _thread.Hub.Epoch.Context, _thread.Bob.Device, static header => Hostile.SetUInt32(header, 156, 0));
        _thread.Append(resigned);
        var result = _thread.Open(_thread.A, resigned, OpenMode.Final);
        Assert.Equal((OpenOutcome.Rejected, ProtocolError.Decryption), (result.Outcome, result.Error));
    }

    [Fact]
    public void Who_cannot_open_its_wrap_is_locked_but_keeps_up()
    {
        using var wrong = AgreementKey.Generate();
        Assert.True(ThreadMember.TryJoin(
            _thread.Genesis.Envelope.Span, _thread.A.ThreadId, _thread.Alice.Agent, _thread.Bob.Device.PublicKey, [wrong],
            _thread.Checks, out var locked, out _));
        using (locked)
        {
            byte[] envelope = _thread.Seal(_thread.A, "unread");
            Assert.True(locked.IsLocked);
            Assert.Equal(OpenOutcome.Locked, _thread.Open(locked, envelope).Outcome);
            Assert.Equal(_thread.Append(envelope), locked.Thread.Position);
            Assert.Equal(_thread.Hub.ThreadHash, locked.Thread.ThreadHash);
            Assert.Throws<InvalidOperationException>(() => _thread.Seal(locked, "x"));
            using var restored = TestThread.Restore(TestThread.StateOf(locked));
            Assert.True(restored.IsLocked);
        }
    }
}
