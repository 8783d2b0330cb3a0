using AgentFlow.Protocol.Envelopes;
using AgentFlow.Protocol.Tests.Threads;
using AgentFlow.Protocol.Threads;

namespace AgentFlow.Protocol.Tests.Envelopes;

public sealed class BatchSignatureTests : IDisposable
{
    private readonly TestThread _thread = new();

    public void Dispose() => _thread.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(64)]
    [InlineData(256)]
    public void Envelopes_that_are_signed_together_verify_each_alone(int count)
    {
        foreach (byte[] envelope in SealBatch(count))
        {
            _thread.Append(envelope);
            Assert.Equal(OpenOutcome.Opened, _thread.Open(_thread.A, envelope).Outcome);
            Assert.Equal(OpenOutcome.Own, _thread.Open(_thread.B, envelope).Outcome);
        }
    }

    [Fact]
    public void One_batch_spans_two_threads_of_the_same_device()
    {
        using var second = new TestThread();
        using var member = MemberOfBobIn(second);
        byte[] here = _thread.Seal(_thread.B, "here", isBatch: true), there = second.Seal(member, "there", isBatch: true);
        var digests = new[] { Digest(here, _thread.Hub), Digest(there, second.Hub) };
        var batch = BatchSignature.Create(_thread.Bob.Device, digests);
        Assert.True(_thread.Hub.TryCheck(Join(here, batch, 0), _thread.Checks, out _, out _));
        Assert.Equal(ProtocolError.Signature, _thread.HubRefusal(Join(here, batch, 1)));
    }

    [Fact]
    public void A_hit_needs_the_same_signature_byte_for_byte()
    {
        var batch = SealBatch(4);
        _thread.Append(batch[0]);
        byte[] changed = [.. batch[1]];
        changed[^1] ^= 1;
        Assert.Equal(ProtocolError.Signature, _thread.HubRefusal(changed));
        byte[] otherPath = [.. batch[1]];
        otherPath[^65] ^= 1;
        Assert.Equal(ProtocolError.Signature, _thread.HubRefusal(otherPath));
        byte[] otherIndex = [.. batch[1]];
        otherIndex[192 + 272 + 1] ^= 2;
        Assert.Equal(ProtocolError.Signature, _thread.HubRefusal(otherIndex));
        _thread.Append(batch[1]);
    }

    [Theory]
    [InlineData(0, 9)]
    [InlineData(0, 255)]
    [InlineData(1, 4)]
    public void A_depth_or_index_out_of_range_is_refused(int offset, byte value)
    {
        byte[] envelope = SealBatch(4)[0];
        envelope[192 + 272 + offset] = value;
        Assert.False(EnvelopeView.TryRead(envelope, out _, out var error));
        Assert.True(error is ProtocolError.Length or ProtocolError.Field);
    }

    [Fact]
    public void A_hit_needs_all_128_bytes()
    {
        var batches = new VerifiedBatches();
        byte[] signature = new byte[64];
        batches.Add(Root(1), Root(2), signature);
        Assert.True(batches.Contains(Root(1), Root(2), signature));
        Assert.False(batches.Contains(Root(9), Root(2), signature));
        Assert.False(batches.Contains(Root(1), Root(9), signature));
        signature[63] = 1;
        Assert.False(batches.Contains(Root(1), Root(2), signature));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void The_memory_of_verified_batches_keeps_what_was_asked_for_last(int capacity)
    {
        var batches = new VerifiedBatches(capacity);
        var expected = new List<byte>();
        var random = new Random(capacity);
        byte[] signature = new byte[64];
        for (int i = 0; i < 2000; i++)
        {
            byte value = (byte)random.Next(capacity * 2);
            Assert.Equal(expected.Remove(value), batches.Contains(default, Root(value), signature));
            batches.Add(default, Root(value), signature);
            expected.Add(value);
            if (expected.Count > capacity)
                expected.RemoveAt(0);
        }
    }

    [Fact]
    public void A_batch_has_1_to_256_envelopes()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => BatchSignature.Create(_thread.Bob.Device, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => BatchSignature.Create(_thread.Bob.Device, new Bytes32[257]));
    }

    private List<byte[]> SealBatch(int count)
    {
        var unsigned = Enumerable.Range(0, count).Select(i => _thread.Seal(_thread.B, $"message {i}", isBatch: true)).ToList();
        var batch = BatchSignature.Create(_thread.Bob.Device, [.. unsigned.Select(bytes => Digest(bytes, _thread.Hub))]);
        return [.. unsigned.Select((bytes, index) => Join(bytes, batch, index))];
    }

    private ThreadMember MemberOfBobIn(TestThread other)
    {
        var genesis = ThreadMember.Create(new ThreadCreation
        {
            Device = _thread.Bob.Device, Log = _thread.Bob.Log, Policy = ThreadPolicy.Create([]), Members = [], Time = TestActor.Now,
        });
        Assert.NotEqual(other.A.ThreadId, genesis.Member.ThreadId);
        return genesis.Member;
    }

    private static Bytes32 Root(byte value) => new([.. Enumerable.Repeat(value, 32)]);

    private static Bytes32 Digest(byte[] envelope, PublicThread thread) => EnvelopeDigest.Of(thread.Epoch.Context, envelope.AsSpan(0, 192));

    private static byte[] Join(byte[] unsigned, BatchSignature batch, int index)
    {
        byte[] trailer = new byte[batch.TrailerSize];
        batch.WriteTrailer(index, trailer);
        return [.. unsigned, .. trailer];
    }
}
