using AgentFlow.Protocol.Frames;

namespace AgentFlow.Protocol.Tests.Frames;

public sealed class GatedFrameTests
{
    private static readonly byte[] s_salt = FrameSamples.Pattern(9).Span[..16].ToArray();

    private static Frame First(byte[] plaintext)
    {
        Assert.True(PlaintextReader.TryParse(plaintext, false, plaintext[0] > 1, out var reader, out _));
        Assert.True(reader.TryRead(out var frame));
        return frame;
    }

    [Fact]
    public void A_gated_frame_alone_with_its_exact_schema_and_a_salt_is_good()
    {
        var frame = First(FrameSamples.Gated(FrameSamples.Header(), [1, 2], new FrameExtensions { Salt = s_salt }));
        Assert.Equal(ProtocolError.None, GatedFrame.Check(frame, 1, FrameSamples.Header().SchemaHash));
        Assert.Equal(ProtocolError.None, GatedFrame.CheckPayload(frame, [1, 2]));
    }

    [Fact]
    public void A_gated_frame_with_company_is_refused() => Assert.Equal(
        ProtocolError.GatedNotAlone, GatedFrame.Check(First(FrameSamples.Plaintext([1], [2])), 2, FrameSamples.Header().SchemaHash));

    [Fact]
    public void A_gated_frame_of_another_schema_is_refused_however_compatible()
    {
        var frame = First(FrameSamples.Gated(FrameSamples.Header(), [1], new FrameExtensions { Salt = s_salt }));
        Assert.Equal(ProtocolError.GatedSchema, GatedFrame.Check(frame, 1, FrameSamples.Pattern(0x41)));
    }

    [Fact]
    public void A_gated_frame_without_salt_is_refused()
    {
        var frame = First(FrameSamples.Gated(FrameSamples.Header(), [1], default));
        Assert.Equal(ProtocolError.GatedSalt, GatedFrame.Check(frame, 1, FrameSamples.Header().SchemaHash));
    }

    [Fact]
    public void A_gated_frame_with_an_unknown_extension_is_refused()
    {
        byte[] plaintext = FrameSamples.Gated(FrameSamples.Header(), [1, 2, 3], new FrameExtensions { Salt = s_salt });

        // The payload of three bytes becomes an extension of type 9 and length 0.
        plaintext[1 + 22] += 3;
        plaintext[1 + 72] -= 3;
        new byte[] { 9, 0, 0 }.CopyTo(plaintext, 1 + FrameHeader.Size + 19);
        Assert.Equal(ProtocolError.GatedContent, GatedFrame.Check(First(plaintext), 1, FrameSamples.Header().SchemaHash));
    }

    [Fact]
    public void A_gated_frame_with_an_unknown_field_is_refused()
    {
        var frame = First(FrameSamples.Gated(FrameSamples.Header(), [0x08, 1, 0x78, 1], new FrameExtensions { Salt = s_salt }));
        Assert.Equal(ProtocolError.GatedContent, GatedFrame.CheckPayload(frame, [0x08, 1]));
    }
}
