using System.Buffers.Binary;
using AgentFlow.Protocol.Identity;

namespace AgentFlow.Hub.Agents;

/// <summary>What the hub keeps of an agent: its verified log and its newest bundle. Stored as u32 length of the log, log, bundle.</summary>
/// <param name="Log">The log.</param>
/// <param name="Bundle">The newest bundle, or null.</param>
internal sealed record AgentRecord(IdentityLog Log, KeyBundle? Bundle)
{
    public byte[] ToBytes()
    {
        byte[] bytes = new byte[4 + Log.Bytes.Length + (Bundle?.Bytes.Length ?? 0)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, Log.Bytes.Length);
        Log.Bytes.Span.CopyTo(bytes.AsSpan(4));
        Bundle?.Bytes.Span.CopyTo(bytes.AsSpan(4 + Log.Bytes.Length));
        return bytes;
    }

    /// <summary>Whether stored bytes hold this log, which need not be verified again then.</summary>
    public static bool HasLog(ReadOnlySpan<byte> bytes, IdentityLog log) =>
        BinaryPrimitives.ReadInt32LittleEndian(bytes) == log.Bytes.Length && bytes[4..].StartsWith(log.Bytes.Span);

    /// <exception cref="InvalidDataException">The store's own bytes are damaged.</exception>
    public static AgentRecord Read(ReadOnlySpan<byte> bytes)
    {
        int length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if (!IdentityLog.TryParse(bytes.Slice(4, length), out var log, out var error))
            throw new InvalidDataException($"The stored identity log does not verify: {error}. Restore the hub's database from a backup.");
        var rest = bytes[(4 + length)..];
        return new AgentRecord(log, KeyBundle.TryParse(rest, out var bundle, out _) ? bundle : null);
    }
}
