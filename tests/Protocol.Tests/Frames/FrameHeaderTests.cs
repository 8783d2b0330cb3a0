using AgentFlow.Protocol.Frames;

namespace AgentFlow.Protocol.Tests.Frames;

public sealed class FrameHeaderTests
{
    private const string Golden =
        "0102030405060708090a0b0c0d0e0f10" + // contract
        "0201" + "0403" + "01" + "00" + "bbaa" + // major, minor, codec, flags, extension length
        "404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f" + // schema hash
        "808182838485868788898a8b8c8d8e8f" + // correlation id
        "44332211" + "00000000"; // payload length, reserved

    private static FrameHeader Sample => FrameSamples.Header() with { ExtensionLength = 0xAABB, PayloadLength = 0x11223344 };

    [Fact]
    public void A_header_has_exactly_the_documented_bytes()
    {
        byte[] bytes = new byte[FrameHeader.Size];
        Sample.Write(bytes);
        Assert.Equal(Golden, Convert.ToHexStringLower(bytes));
    }

    [Fact]
    public void A_header_reads_back_equal()
    {
        Assert.True(FrameHeader.TryRead(Convert.FromHexString(Golden), out var header, out var error));
        Assert.Equal(Sample, header);
        Assert.Equal(ProtocolError.None, error);
    }

    [Fact]
    public void A_header_that_is_cut_is_refused_at_every_length()
    {
        byte[] bytes = Convert.FromHexString(Golden);
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.False(FrameHeader.TryRead(bytes.AsSpan(0, length), out _, out var error));
            Assert.Equal(ProtocolError.Length, error);
        }
    }

    [Theory]
    [InlineData(20, 3)] // a codec that does not exist
    [InlineData(21, 1)] // flags
    [InlineData(75, 0x80)] // a payload length above 2^31
    [InlineData(76, 1)] // reserved
    [InlineData(79, 0x80)]
    public void A_header_with_a_reserved_bit_is_refused(int offset, byte value)
    {
        byte[] bytes = Convert.FromHexString(Golden);
        bytes[offset] = value;
        Assert.False(FrameHeader.TryRead(bytes, out _, out var error));
        Assert.Equal(ProtocolError.Frames, error);
    }
}
