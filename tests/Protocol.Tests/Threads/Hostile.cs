using System.Buffers.Binary;
using AgentFlow.Protocol.Crypto;
using AgentFlow.Protocol.Envelopes;

namespace AgentFlow.Protocol.Tests.Threads;

/// <summary>What a hostile member can do: change its own envelope and sign it again.</summary>
internal static class Hostile
{
    public delegate void Change(Span<byte> header);

    public static byte[] Resign(ReadOnlySpan<byte> envelope, Bytes32 context, SigningKey device, Change change)
    {
        byte[] changed = envelope.ToArray();
        change(changed.AsSpan(0, EnvelopeHeader.Size));
        EnvelopeSignature.Sign(device, EnvelopeDigest.Of(context, changed.AsSpan(0, EnvelopeHeader.Size)), changed.AsSpan(^64..));
        return changed;
    }

    public static void SetUInt32(Span<byte> header, int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(header[offset..], value);

    public static void SetUInt64(Span<byte> header, int offset, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(header[offset..], value);
}
