using System.Buffers;
using AgentFlow.Protocol.Buffers;

namespace AgentFlow.Protocol.Tests.Buffers;

public sealed class PooledBufferTests
{
    [Fact]
    public void What_is_cut_off_is_zeroed()
    {
        using var buffer = new PooledBuffer();
        buffer.Write(Enumerable.Repeat((byte)7, 100).ToArray());
        buffer.SetLength(10);
        Assert.Equal(10, buffer.WrittenSpan.Count((byte)7));
        Assert.Equal(0, buffer.GetSpan(90).Count((byte)7));
    }
}
