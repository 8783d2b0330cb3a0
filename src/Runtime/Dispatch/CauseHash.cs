using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace AgentFlow.Dispatch;

/// <summary>Derives what must be the same over every try of one cause: message ids, step keys and journal keys.</summary>
/// <remarks>Local derivations, no part of AF1: no other party computes them, so they carry labels of their own.</remarks>
internal static class CauseHash
{
    /// <summary>The id of the index-th envelope that the handling of a cause sends.</summary>
    public static MessageId EnvelopeId(in MessageCause cause, AgentId agent, int index)
    {
        Span<byte> input = stackalloc byte[16 + 32 + 32 + 4 + 1 + 4];
        "AgentFlow msg-id"u8.CopyTo(input);
        cause.Envelope.Span.CopyTo(input[16..]);
        agent.Span.CopyTo(input[48..]);
        BinaryPrimitives.WriteInt32LittleEndian(input[80..], cause.Frame);
        input[84] = cause.Phase;
        BinaryPrimitives.WriteInt32LittleEndian(input[85..], index);
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(input, hash);
        return MessageId.Derive(Math.Clamp(cause.SentAt, 0, 0xFFFF_FFFF_FFFF), hash);
    }

    /// <summary>Where the result of a step is journaled: H(thread, message, step name).</summary>
    public static byte[] JournalKey(in MessageCause cause, string step)
    {
        byte[] name = Encoding.UTF8.GetBytes(step);
        byte[] input = new byte[16 + 32 + 32 + 4 + 1 + name.Length];
        "AgentFlow step  "u8.CopyTo(input);
        cause.Thread.Span.CopyTo(input.AsSpan(16));
        cause.Envelope.Span.CopyTo(input.AsSpan(48));
        BinaryPrimitives.WriteInt32LittleEndian(input.AsSpan(80), cause.Frame);
        input[84] = cause.Phase;
        name.CopyTo(input, 85);
        return SHA256.HashData(input);
    }

    /// <summary>The name of a scheduled message's timer.</summary>
    public static byte[] TimerKey(in MessageCause cause, int index)
    {
        Span<byte> input = stackalloc byte[16 + 32 + 4 + 1 + 4];
        "AgentFlow timer "u8.CopyTo(input);
        cause.Envelope.Span.CopyTo(input[16..]);
        BinaryPrimitives.WriteInt32LittleEndian(input[48..], cause.Frame);
        input[52] = cause.Phase;
        BinaryPrimitives.WriteInt32LittleEndian(input[53..], index);
        return SHA256.HashData(input);
    }
}
