using AgentFlow.Protocol.Buffers;
using AgentFlow.Protocol.Codec;
using AgentFlow.Protocol.Frames;

namespace AgentFlow.Protocol.Tests.Frames;

public sealed class PlaintextTests
{
    private static ProtocolError Refusal(ReadOnlySpan<byte> plaintext, bool isHeartbeat = false, bool isMultiFrame = false) =>
        PlaintextReader.TryParse(plaintext, isHeartbeat, isMultiFrame, out _, out var error) ? ProtocolError.None : error;

    [Fact]
    public void A_plaintext_has_exactly_the_documented_bytes()
    {
        byte[] header = new byte[FrameHeader.Size];
        (FrameSamples.Header() with { ExtensionLength = 4, PayloadLength = 3 }).Write(header);
        byte[] expected = new byte[256];
        expected[0] = 1;
        header.CopyTo(expected, 1);
        new byte[] { 2, 1, 0, (byte)'b', 0xAA, 0xBB, 0xCC, 0x80 }.CopyTo(expected, 81);

        using var buffer = new PooledBuffer();
        var writer = new PlaintextWriter(buffer);
        writer.WriteFrame(FrameSamples.Header(), [0xAA, 0xBB, 0xCC], new FrameExtensions { Baggage = "b" });
        Assert.Equal(256, writer.Finish());

        Assert.Equal(new byte[192], buffer.WrittenSpan[..192]);
        Assert.Equal(expected, buffer.WrittenSpan[192..]);
    }

    [Fact]
    public void A_payload_is_written_straight_into_the_buffer()
    {
        using var buffer = new PooledBuffer();
        var plaintext = new PlaintextWriter(buffer);
        plaintext.BeginFrame(FrameSamples.Header());
        var payload = new ProtobufWriter(buffer);
        _ = payload;
        buffer.GetSpan(2)[..2].Fill(7);
        buffer.Advance(2);
        plaintext.EndFrame();
        plaintext.Finish();
        Assert.True(PlaintextReader.TryParse(buffer.WrittenSpan[192..], false, false, out var reader, out _));
        Assert.True(reader.TryRead(out var frame));
        Assert.Equal([7, 7], frame.Payload.ToArray());
        Assert.False(reader.TryRead(out _));
    }

    [Fact]
    public void Old_content_of_a_pooled_buffer_never_shows_in_the_padding()
    {
        using var buffer = new PooledBuffer(4096);
        buffer.GetSpan(4096)[..4096].Fill(0xEE);
        buffer.Advance(4096);
        buffer.SetLength(0);
        var writer = new PlaintextWriter(buffer);
        writer.WriteFrame(FrameSamples.Header(), [1, 2, 3]);
        writer.Finish();
        Assert.Equal(ProtocolError.None, Refusal(buffer.WrittenSpan[192..]));
        Assert.Equal(new byte[192], buffer.WrittenSpan[..192]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(255)]
    public void Frames_come_back_in_their_order(int count)
    {
        byte[][] payloads = [.. Enumerable.Range(0, count).Select(i => Enumerable.Repeat((byte)i, i % 17).ToArray())];
        byte[] plaintext = FrameSamples.Plaintext(payloads);
        Assert.True(PlaintextReader.TryParse(plaintext, false, count > 1, out var reader, out _));
        Assert.Equal(count, reader.FrameCount);
        foreach (byte[] payload in payloads)
        {
            Assert.True(reader.TryRead(out var frame));
            Assert.Equal(payload, frame.Payload);
        }

        Assert.False(reader.TryRead(out _));
    }

    [Fact]
    public void A_heartbeat_has_no_frame_and_nothing_else_has_none()
    {
        byte[] heartbeat = FrameSamples.Plaintext();
        byte[] message = FrameSamples.Plaintext([1]);
        Assert.Equal(ProtocolError.None, Refusal(heartbeat, isHeartbeat: true));
        Assert.Equal(ProtocolError.FrameCount, Refusal(heartbeat));
        Assert.Equal(ProtocolError.FrameCount, Refusal(message, isHeartbeat: true));
    }

    [Fact]
    public void The_multi_frame_flag_is_set_if_and_only_if_there_are_more_than_one()
    {
        byte[] one = FrameSamples.Plaintext([1]);
        byte[] two = FrameSamples.Plaintext([1], [2]);
        Assert.Equal(ProtocolError.FrameCount, Refusal(one, isMultiFrame: true));
        Assert.Equal(ProtocolError.FrameCount, Refusal(two));
        Assert.Equal(ProtocolError.None, Refusal(two, isMultiFrame: true));
    }

    [Fact]
    public void Anything_but_zeros_behind_the_marker_is_refused()
    {
        byte[] plaintext = FrameSamples.Plaintext([1, 2, 3]);
        int marker = 1 + FrameHeader.Size + 3;
        Assert.Equal(0x80, plaintext[marker]);
        for (int i = marker; i < plaintext.Length; i++)
        {
            plaintext[i] ^= 1;
            Assert.Equal(ProtocolError.Padding, Refusal(plaintext));
            plaintext[i] ^= 1;
        }
    }

    [Fact]
    public void A_plaintext_that_is_cut_before_its_marker_is_refused()
    {
        byte[] plaintext = FrameSamples.Plaintext([1, 2, 3]);
        for (int length = 0; length <= 1 + FrameHeader.Size + 3; length++)
            Assert.NotEqual(ProtocolError.None, Refusal(plaintext.AsSpan(0, length)));
    }

    [Theory]
    [InlineData(80)]
    [InlineData(174)] // L = 256
    [InlineData(175)] // L = 257
    [InlineData(4014)] // L = 4096
    [InlineData(257_966)] // L = 258,048
    public void A_plaintext_of_any_size_is_padded_and_read(int payloadLength)
    {
        byte[] payload = new byte[payloadLength];
        new Random(payloadLength).NextBytes(payload);
        byte[] plaintext = FrameSamples.Plaintext(payload);
        Assert.Equal(Padding.PaddedLength(1 + FrameHeader.Size + payloadLength + 1), plaintext.Length);
        Assert.True(PlaintextReader.TryParse(plaintext, false, false, out var reader, out _));
        Assert.True(reader.TryRead(out var frame));
        Assert.Equal(payload, frame.Payload);
    }

    [Fact]
    public void A_plaintext_that_fits_no_envelope_says_what_to_do()
    {
        var thrown = Assert.Throws<InvalidOperationException>(() => FrameSamples.Plaintext(new byte[257_967]));
        Assert.Contains("attachment", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_writer_that_is_used_in_the_wrong_order_says_so()
    {
        using var buffer = new PooledBuffer();
        var writer = new PlaintextWriter(buffer);
        AssertThrows(ref writer, static (ref PlaintextWriter w) => w.EndFrame());
        writer.BeginFrame(FrameSamples.Header());
        AssertThrows(ref writer, static (ref PlaintextWriter w) => w.BeginFrame(FrameSamples.Header()));
        AssertThrows(ref writer, static (ref PlaintextWriter w) => w.Finish());
        Assert.Throws<ArgumentException>(() => { _ = new PlaintextWriter(buffer); });
    }

    [Fact]
    public void An_envelope_holds_at_most_255_frames()
    {
        using var buffer = new PooledBuffer();
        var writer = new PlaintextWriter(buffer);
        for (int i = 0; i < 255; i++)
            writer.WriteFrame(FrameSamples.Header(), []);
        AssertThrows(ref writer, static (ref PlaintextWriter w) => w.BeginFrame(FrameSamples.Header()));
    }

    [Fact]
    public void Changed_plaintexts_never_throw()
    {
        var random = new Random(7);
        byte[] good = FrameSamples.Plaintext([1, 2, 3], [], [4]);
        byte[] bytes = new byte[good.Length];
        for (int i = 0; i < 100_000; i++)
        {
            good.CopyTo(bytes, 0);
            for (int n = random.Next(1, 4); n > 0; n--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (!PlaintextReader.TryParse(bytes.AsSpan(0, random.Next(bytes.Length + 1)), false, true, out var reader, out var error))
            {
                Assert.NotEqual(ProtocolError.None, error);
                continue;
            }

            int read = 0;
            while (reader.TryRead(out _))
                read++;
            Assert.Equal(reader.FrameCount, read);
        }
    }

    private delegate void Use(ref PlaintextWriter writer);

    private static void AssertThrows(ref PlaintextWriter writer, Use use)
    {
        bool threw = false;
        try
        {
            use(ref writer);
        }
        catch (InvalidOperationException)
        {
            threw = true;
        }

        Assert.True(threw);
    }
}
