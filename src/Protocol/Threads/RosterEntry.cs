using System.Buffers.Binary;
using AgentFlow.Protocol.Buffers;

namespace AgentFlow.Protocol.Threads;

/// <summary>One leaf of a thread: a device of an agent, 136 bytes.</summary>
/// <remarks>Reference: protocol.md 2.4.</remarks>
/// <param name="Agent">The agent.</param>
/// <param name="Device">The Ed25519 key of the device.</param>
/// <param name="LeafKey">The X25519 key to which epoch secrets are wrapped.</param>
/// <param name="LogSeq">The number of the identity log entry at which the device key is live.</param>
/// <param name="LogHead">The hash of that entry.</param>
/// <param name="Role">What the leaf may do.</param>
public readonly record struct RosterEntry(AgentId Agent, Bytes32 Device, Bytes32 LeafKey, uint LogSeq, Bytes32 LogHead, MemberRole Role)
{
    /// <summary>The size in bytes.</summary>
    public const int Size = 136;

    /// <summary>Whether the leaf may send this kind at all; what a Commit may change is another question.</summary>
    public bool IsMember => (Role & MemberRole.Member) != 0;

    /// <summary>Whether the leaf may change members and policy.</summary>
    public bool IsAdmin => (Role & MemberRole.Admin) != 0;

    /// <summary>Reads an entry.</summary>
    /// <param name="bytes">Exactly 136 bytes.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="error">Why it was refused.</param>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out RosterEntry entry, out ProtocolError error)
    {
        entry = default;
        error = bytes.Length != Size ? ProtocolError.Length
            : bytes[133] != 0 || bytes[134] != 0 || bytes[135] != 0 ? ProtocolError.Reserved
            : !IsRole(bytes[132]) ? ProtocolError.Field
            : ProtocolError.None;
        if (error != ProtocolError.None)
            return false;
        var reader = new ByteReader(bytes);
        entry = new RosterEntry(
            new AgentId(reader.ReadBytes32()), reader.ReadBytes32(), reader.ReadBytes32(),
            reader.ReadUInt32(), reader.ReadBytes32(), (MemberRole)reader.ReadByte());
        return true;
    }

    /// <summary>Writes the 136 bytes.</summary>
    public void Write(Span<byte> destination)
    {
        destination[..Size].Clear();
        Agent.Span.CopyTo(destination);
        Device.Span.CopyTo(destination[32..]);
        LeafKey.Span.CopyTo(destination[64..]);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[96..], LogSeq);
        LogHead.Span.CopyTo(destination[100..]);
        destination[132] = (byte)Role;
    }

    private static bool IsRole(byte role) => role is 1 or 3 or 5 or 7 or 8;
}
