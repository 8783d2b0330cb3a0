using AgentFlow.Protocol.Buffers;
using AgentFlow.Protocol.Frames;
using AgentFlow.Protocol.Threads;

namespace AgentFlow.Protocol.Tests.Threads;

public sealed class AllocationTests : IDisposable
{
    private const int Warmup = 300, Measured = 50;
    private static readonly byte[] s_payload = new byte[1024];
    private static readonly ContractId s_contract = ContractIds.Of("test.bytes");
    private readonly TestThread _thread = new();
    private readonly PooledBuffer _envelope = new(8192);
    private readonly PooledBuffer _plaintext = new(8192);

    public void Dispose()
    {
        _envelope.Dispose();
        _plaintext.Dispose();
        _thread.Dispose();
    }

    [Fact]
    public void Writing_sealing_checking_and_opening_an_envelope_allocate_nothing()
    {
        for (int i = 0; i < Warmup; i++)
            SendOne();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Measured; i++)
            SendOne();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(Warmup + Measured + 1, _thread.A.Thread.Position);
    }

    [Fact]
    public void Storing_the_state_of_a_member_in_a_warm_buffer_allocates_nothing()
    {
        using var state = new PooledBuffer(8192);
        _thread.A.WriteState(state);
        state.Reset();
        long before = GC.GetAllocatedBytesForCurrentThread();
        _thread.A.WriteState(state);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private void SendOne()
    {
        _envelope.Reset();
        var writer = new PlaintextWriter(_envelope);
        writer.WriteFrame(new FrameHeader { Contract = s_contract, Major = 1, Codec = FrameCodec.Raw, SchemaHash = default }, s_payload);
        writer.Finish();
        _thread.B.Seal(_envelope, _thread.Bob.Device, new SealOptions(TestActor.Now));
        Require(_thread.Hub.TryCheck(_envelope.WrittenSpan, _thread.Checks, out var accepted, out _));
        _thread.Hub.Accept(accepted);
        long position = _thread.Hub.Position;
        Require(_thread.A.Open(position, _envelope.WrittenSpan, isExpired: false, _plaintext, _thread.Checks).Outcome == OpenOutcome.Opened);
        Require(_thread.B.Open(position, _envelope.WrittenSpan, isExpired: false, _plaintext, _thread.Checks).Outcome == OpenOutcome.Own);
    }

    /// <summary>Without the boxing of an assertion.</summary>
    private static void Require(bool condition)
    {
        if (!condition)
            Assert.Fail("The envelope did not go through.");
    }
}
