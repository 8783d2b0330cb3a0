using System.Buffers.Binary;
using AgentFlow.Protocol.Crypto;

namespace AgentFlow.Protocol.Approvals;

/// <summary>What an approver signs, and nothing else: 320 bytes that name thread, request, exact content, rule, decision and time.</summary>
/// <remarks>Reference: protocol.md 2.10. Equal statements have equal bytes, and the other way round. Immutable.</remarks>
public sealed record ApprovalStatement
{
    /// <summary>The size in bytes, without the signature.</summary>
    public const int Size = 320;

    private const byte Version = 1;

    /// <summary>The answer.</summary>
    public required Decision Decision { get; init; }

    /// <summary>The rule of the request's policy that the vote is for: the 1-based number of the contract's approval requirement.</summary>
    public required byte RuleId { get; init; }

    /// <summary>The quorum of that rule in the request's policy.</summary>
    public required byte Quorum { get; init; }

    /// <summary>The thread.</summary>
    public required ThreadId Thread { get; init; }

    /// <summary>E of the request's envelope.</summary>
    public required Bytes32 RequestEnvelope { get; init; }

    /// <summary>The digest of the content: see <see cref="ApprovalDigest"/>.</summary>
    public required Bytes32 Subject { get; init; }

    /// <summary>The person.</summary>
    public required AgentId Approver { get; init; }

    /// <summary>The person's approver key: usage 2 in the person's identity log.</summary>
    public required Bytes32 ApproverKey { get; init; }

    /// <summary>The head of the person's identity log that the person's device held.</summary>
    public required Bytes32 LogHead { get; init; }

    /// <summary>When it was signed, in Unix milliseconds, by the signer's clock.</summary>
    public required long IssuedAt { get; init; }

    /// <summary>When a yes ends to count, in Unix milliseconds.</summary>
    public required long ExpiresAt { get; init; }

    /// <summary>The position up to which the person's device had verified the thread.</summary>
    public required long ThreadPosition { get; init; }

    /// <summary>The thread hash T at that position.</summary>
    public required Bytes32 ThreadHash { get; init; }

    /// <summary>H("AF1 reason", reason), or zero where no reason is given.</summary>
    public Bytes32 ReasonHash { get; init; }

    /// <summary>16 random bytes, read as one big-endian number.</summary>
    public required UInt128 Nonce { get; init; }

    /// <summary>The reason hash of a reason; zero for none.</summary>
    public static Bytes32 HashReason(ReadOnlySpan<byte> reason) => reason.IsEmpty ? default : AfHash.Hash(Labels.Reason, reason);

    /// <summary>Reads a statement that may be hostile: rule 1 of the counting, but for the thread.</summary>
    /// <param name="bytes">Exactly 320 bytes.</param>
    /// <param name="statement">The statement, or null.</param>
    /// <param name="error">Why it is refused, or <see cref="ProtocolError.None"/>.</param>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out ApprovalStatement? statement, out ProtocolError error)
    {
        statement = null;
        error = ProtocolError.Approval;
        if (bytes.Length != Size || !bytes.StartsWith(Labels.SignApproval) || bytes[16] != Version
            || bytes[17] is < (byte)Decision.Yes or > (byte)Decision.Withdraw || bytes[20..24].ContainsAnyExcept((byte)0))
            return false;
        error = ProtocolError.None;
        statement = new ApprovalStatement
        {
            Decision = (Decision)bytes[17],
            RuleId = bytes[18],
            Quorum = bytes[19],
            Thread = new ThreadId(bytes[24..56]),
            RequestEnvelope = new Bytes32(bytes[56..88]),
            Subject = new Bytes32(bytes[88..120]),
            Approver = new AgentId(bytes[120..152]),
            ApproverKey = new Bytes32(bytes[152..184]),
            LogHead = new Bytes32(bytes[184..216]),
            IssuedAt = BinaryPrimitives.ReadInt64LittleEndian(bytes[216..]),
            ExpiresAt = BinaryPrimitives.ReadInt64LittleEndian(bytes[224..]),
            ThreadPosition = BinaryPrimitives.ReadInt64LittleEndian(bytes[232..]),
            ThreadHash = new Bytes32(bytes[240..272]),
            ReasonHash = new Bytes32(bytes[272..304]),
            Nonce = BinaryPrimitives.ReadUInt128BigEndian(bytes[304..]),
        };
        return true;
    }

    /// <summary>Writes the 320 bytes.</summary>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    public void Write(Span<byte> destination)
    {
        if (destination.Length < Size)
            throw new ArgumentException($"A statement needs {Size} bytes.", nameof(destination));
        Labels.SignApproval.CopyTo(destination);
        destination[16] = Version;
        destination[17] = (byte)Decision;
        destination[18] = RuleId;
        destination[19] = Quorum;
        destination[20..24].Clear();
        Thread.Span.CopyTo(destination[24..]);
        RequestEnvelope.Span.CopyTo(destination[56..]);
        Subject.Span.CopyTo(destination[88..]);
        Approver.Span.CopyTo(destination[120..]);
        ApproverKey.Span.CopyTo(destination[152..]);
        LogHead.Span.CopyTo(destination[184..]);
        BinaryPrimitives.WriteInt64LittleEndian(destination[216..], IssuedAt);
        BinaryPrimitives.WriteInt64LittleEndian(destination[224..], ExpiresAt);
        BinaryPrimitives.WriteInt64LittleEndian(destination[232..], ThreadPosition);
        ThreadHash.Span.CopyTo(destination[240..]);
        ReasonHash.Span.CopyTo(destination[272..]);
        BinaryPrimitives.WriteUInt128BigEndian(destination[304..], Nonce);
    }
}
