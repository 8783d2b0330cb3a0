using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace AgentFlow.Dispatch;

/// <summary>Derives what must be the same over every try of one cause: message ids, step keys and journal keys.</summary>
/// <remarks>
/// Local derivations, no part of AF1: no other party computes them, so they carry labels of their own. Ids are derived under a key of the device, because the
/// hub takes an id once a thread, from whoever comes first.
/// </remarks>
internal static class CauseHash
{
    /// <summary>The id of the index-th envelope that the handling of a cause sends.</summary>
    public static MessageId EnvelopeId(in MessageCause cause, ReadOnlySpan<byte> idKey, int index)
    {
        Span<byte> input = stackalloc byte[16 + 32 + 4 + 1 + 4];
        "AgentFlow msg-id"u8.CopyTo(input);
        cause.Envelope.Span.CopyTo(input[16..]);
        BinaryPrimitives.WriteInt32LittleEndian(input[48..], cause.Frame);
        input[52] = cause.Phase;
        BinaryPrimitives.WriteInt32LittleEndian(input[53..], index);
        return Id(cause.SentAt, idKey, input);
    }

    /// <summary>The id of the claim of a request.</summary>
    public static MessageId ClaimId(Bytes32 request, long requestedAt, ReadOnlySpan<byte> idKey) => Id(requestedAt, idKey, [.. "AgentFlow claim "u8, .. request.Span]);

    /// <summary>The id of a scheduled message, by its timer.</summary>
    public static MessageId ScheduledId(ReadOnlySpan<byte> timerKey, long due, ReadOnlySpan<byte> idKey) => Id(due, idKey, [.. "AgentFlow timed "u8, .. timerKey]);

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

    private static MessageId Id(long time, ReadOnlySpan<byte> idKey, ReadOnlySpan<byte> input)
    {
        Span<byte> hash = stackalloc byte[32];
        HMACSHA256.HashData(idKey, input, hash);
        return MessageId.Derive(Math.Clamp(time, 0, 0xFFFF_FFFF_FFFF), hash);
    }
}
