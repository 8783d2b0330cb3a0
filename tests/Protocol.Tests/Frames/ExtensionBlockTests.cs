using AgentFlow.Protocol.Buffers;
using AgentFlow.Protocol.Frames;

namespace AgentFlow.Protocol.Tests.Frames;

public sealed class ExtensionBlockTests
{
    private const string TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private static FrameExtensions AllOfThem() => new()
    {
        TraceParent = TraceParent,
        Baggage = "a=b",
        CausationId = MessageId.Read(FrameSamples.Pattern(0x10).Span),
        Salt = FrameSamples.Pattern(0x20).Span[..16].ToArray(),
        Target = new AgentId(FrameSamples.Pattern(0x30)),
        ContentSubject = "Grüße",
    };

    private static byte[] Write(FrameExtensions extensions)
    {
        using var buffer = new PooledBuffer();
        Assert.Equal(extensions.WriteTo(buffer), buffer.Length);
        return buffer.WrittenSpan.ToArray();
    }

    [Fact]
    public void A_block_has_exactly_the_documented_bytes() => Assert.Equal(
        "013700" + "30302d30616637363531393136636434336464383434386562323131633830333139632d623761643662373136393230333333312d3031" +
        "020300" + "613d62" +
        "031000" + "101112131415161718191a1b1c1d1e1f" +
        "041000" + "202122232425262728292a2b2c2d2e2f" +
        "052000" + "303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f" +
        "060700" + "4772c3bcc39f65",
        Convert.ToHexStringLower(Write(AllOfThem())));

    [Fact]
    public void A_block_reads_back_what_was_written()
    {
        byte[] bytes = Write(AllOfThem());
        Assert.True(ExtensionBlock.TryParse(bytes, out var block, out _));
        Assert.Equal(TraceParent, block.TraceParent);
        Assert.Equal("a=b", block.Baggage);
        Assert.Equal(MessageId.Read(FrameSamples.Pattern(0x10).Span), block.CausationId);
        Assert.Equal(FrameSamples.Pattern(0x20).Span[..16], block.Salt);
        Assert.Equal(new AgentId(FrameSamples.Pattern(0x30)), block.Target);
        Assert.Equal("Grüße", block.ContentSubject);
        Assert.False(block.HasUnknownTypes);
    }

    [Fact]
    public void An_empty_block_has_nothing()
    {
        Assert.True(ExtensionBlock.TryParse([], out var block, out _));
        Assert.Null(block.TraceParent);
        Assert.Null(block.CausationId);
        Assert.Null(block.Target);
        Assert.True(block.Salt.IsEmpty);
    }

    [Fact]
    public void Unknown_types_are_skipped_but_kept()
    {
        byte[] bytes = [0, 1, 0, 0xEE, 2, 1, 0, (byte)'x', 200, 2, 0, 0xAA, 0xBB];
        Assert.True(ExtensionBlock.TryParse(bytes, out var block, out _));
        Assert.Equal("x", block.Baggage);
        Assert.True(block.HasUnknownTypes);
        Assert.True(block.TryGet((ExtensionType)200, out var unknown));
        Assert.Equal([0xAA, 0xBB], unknown.ToArray());
        Assert.Equal(bytes, block.Bytes);
    }

    [Theory]
    [InlineData("02", "an entry without a length")]
    [InlineData("0200", "an entry with half a length")]
    [InlineData("020200aa", "an entry longer than the block")]
    [InlineData("020000020000", "a repeat")]
    [InlineData("060000020000", "a descending type")]
    [InlineData("c80000c80000", "a repeat of an unknown type")]
    [InlineData("01020030302d", "a short traceparent")]
    [InlineData("0201ff", "a length that only fits without its high byte")]
    [InlineData("020100ff", "baggage that is not UTF-8")]
    [InlineData("060200c328", "a subject that is not UTF-8")]
    [InlineData("060400efbbbf61", "a subject with a byte order mark")]
    [InlineData("030f00101112131415161718191a1b1c1d1e", "a short causation id")]
    [InlineData("041100202122232425262728292a2b2c2d2e2f30", "a long salt")]
    [InlineData("04100000000000000000000000000000000000", "a zero salt")]
    [InlineData("0500", "a cut target")]
    [InlineData("05010000", "a short target")]
    public void A_malformed_block_is_refused(string hex, string because)
    {
        Assert.False(ExtensionBlock.TryParse(Convert.FromHexString(hex), out _, out var error), because);
        Assert.Equal(ProtocolError.Extension, error);
    }

    [Fact]
    public void A_traceparent_with_a_high_bit_is_refused()
    {
        byte[] bytes = Write(new FrameExtensions { TraceParent = TraceParent });
        bytes[20] |= 0x80;
        Assert.False(ExtensionBlock.TryParse(bytes, out _, out _));
    }

    [Fact]
    public void A_writer_refuses_entries_of_the_wrong_form()
    {
        Assert.Throws<InvalidOperationException>(() => Write(new FrameExtensions { TraceParent = "|hierarchical.1." }));
        Assert.Throws<InvalidOperationException>(() => Write(new FrameExtensions { Salt = new byte[16] }));
        Assert.Throws<InvalidOperationException>(() => Write(new FrameExtensions { Salt = new byte[15] }));
        Assert.Throws<InvalidOperationException>(() => Write(new FrameExtensions { Baggage = new string('x', 65_536) }));
        Assert.Throws<InvalidOperationException>(() => Write(new FrameExtensions { Baggage = new('x', 40_000), ContentSubject = new('y', 40_000) }));
    }

    [Fact]
    public void Random_blocks_never_throw()
    {
        var random = new Random(20_261_120);
        byte[] bytes = new byte[64];
        for (int i = 0; i < 200_000; i++)
        {
            int length = random.Next(bytes.Length);
            random.NextBytes(bytes.AsSpan(0, length));
            for (int at = 0; at + 2 < length; at += 1 + random.Next(12))
                (bytes[at], bytes[at + 2]) = ((byte)(bytes[at] & 7), 0);
            if (ExtensionBlock.TryParse(bytes.AsSpan(0, length), out var block, out var error))
                _ = (block.TraceParent, block.Baggage, block.CausationId, block.Target, block.ContentSubject, block.Salt.Length);
            else
                Assert.Equal(ProtocolError.Extension, error);
        }
    }
}
