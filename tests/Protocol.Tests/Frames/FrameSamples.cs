using AgentFlow.Protocol.Buffers;
using AgentFlow.Protocol.Frames;

namespace AgentFlow.Protocol.Tests.Frames;

/// <summary>Frames and plaintexts for the tests.</summary>
internal static class FrameSamples
{
    public static Bytes32 Pattern(byte first)
    {
        Span<byte> bytes = stackalloc byte[32];
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] = unchecked((byte)(first + i));
        return new Bytes32(bytes);
    }

    public static FrameHeader Header(byte seed = 1) => new()
    {
        Contract = ContractId.Read(Pattern(seed).Span),
        Major = 0x0102,
        Minor = 0x0304,
        Codec = FrameCodec.Protobuf,
        SchemaHash = Pattern(0x40),
        CorrelationId = MessageId.Read(Pattern(0x80).Span),
    };

    public static byte[] Plaintext(params ReadOnlySpan<byte[]> payloads)
    {
        using var buffer = new PooledBuffer();
        var writer = new PlaintextWriter(buffer);
        foreach (byte[] payload in payloads)
            writer.WriteFrame(Header(), payload);
        writer.Finish();
        return buffer.WrittenSpan[PlaintextWriter.HeaderSpace..].ToArray();
    }

    public static byte[] Gated(FrameHeader header, ReadOnlySpan<byte> payload, FrameExtensions extensions)
    {
        using var buffer = new PooledBuffer();
        var writer = new PlaintextWriter(buffer);
        writer.WriteFrame(header, payload, extensions);
        writer.Finish();
        return buffer.WrittenSpan[PlaintextWriter.HeaderSpace..].ToArray();
    }
}
