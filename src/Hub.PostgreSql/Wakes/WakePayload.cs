using System.Buffers.Binary;
using AgentFlow.Hub.Wakes;

namespace AgentFlow.Hub.PostgreSql.Wakes;

/// <summary>Hints as the text of a notification: base64 of the sender's number and of 33 bytes a hint. PostgreSQL takes less than 8,000 bytes.</summary>
internal static class WakePayload
{
    /// <summary>The most hints of one payload: 7,904 characters.</summary>
    public const int MaxHints = 179;
    private const int HintSize = 1 + Bytes32.Size;

    public static string Write(long sender, ReadOnlySpan<WakeHint> hints)
    {
        byte[] bytes = new byte[sizeof(long) + (hints.Length * HintSize)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, sender);
        for (int i = 0; i < hints.Length; i++)
        {
            var entry = bytes.AsSpan(sizeof(long) + (i * HintSize), HintSize);
            entry[0] = (byte)hints[i].Kind;
            hints[i].Key.Span.CopyTo(entry[1..]);
        }

        return Convert.ToBase64String(bytes);
    }

    /// <summary>Reads what another hub sent; anybody who may connect can send anything.</summary>
    public static bool TryRead(string payload, out long sender, out IReadOnlyList<WakeHint> hints)
    {
        (sender, hints) = (0, []);
        byte[] bytes = new byte[payload.Length];
        if (!Convert.TryFromBase64String(payload, bytes, out int length) || length < sizeof(long) || (length - sizeof(long)) % HintSize != 0)
            return false;
        sender = BinaryPrimitives.ReadInt64BigEndian(bytes);
        var read = new WakeHint[(length - sizeof(long)) / HintSize];
        for (int i = 0; i < read.Length; i++)
        {
            var entry = bytes.AsSpan(sizeof(long) + (i * HintSize), HintSize);
            if (entry[0] is not ((byte)WakeKind.Thread or (byte)WakeKind.Agent))
                return false;
            read[i] = new WakeHint((WakeKind)entry[0], new Bytes32(entry[1..]));
        }

        hints = read;
        return true;
    }
}
