using System.Buffers;
using System.Text;
using AgentFlow.Protocol.Approvals;

namespace AgentFlow.Engine;

/// <summary>How a request was decided here.</summary>
internal enum ApprovalVerdict : byte
{
    /// <summary>Not yet.</summary>
    None = 0,

    /// <summary>Every rule is met, and this agent's claim is the lowest.</summary>
    Approved = 1,

    /// <summary>A no ended it, or what was met before the claim was met no more.</summary>
    Refused = 2,

    /// <summary>Nobody answered in time.</summary>
    Expired = 3,

    /// <summary>Another device of this agent acts on it.</summary>
    Elsewhere = 4,
}

/// <summary>What one agent keeps of one request: the book of its votes, its own claim, and the verdict. Sealed by the store.</summary>
internal sealed record ApprovalFile
{
    /// <summary>Votes and claims by position.</summary>
    public required ApprovalBook Book { get; init; }

    /// <summary>Whether this agent acts on the request; else it only shows or signs.</summary>
    public required bool IsExecutor { get; init; }

    /// <summary>When it was asked.</summary>
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>When it ends without an answer.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>E of this store's claim, or null before there is one.</summary>
    public Bytes32? OwnClaim { get; init; }

    /// <summary>The lowest position after the request that nobody here can read, or 0: it might be a withdrawal.</summary>
    public long FirstUnreadable { get; init; }

    /// <summary>How it was decided.</summary>
    public ApprovalVerdict Verdict { get; init; }

    /// <summary>When it was decided.</summary>
    public DateTimeOffset DecidedAt { get; init; }

    /// <summary>Why it was refused: a code.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether it is called approved because of another agent's claim.</summary>
    public bool IsFollowing => !IsExecutor && Verdict == ApprovalVerdict.Approved;

    public ApprovalRequest Request => Book.Request;

    public string Id => Request.Id.ToString();

    public byte[] Encode()
    {
        using var stream = new MemoryStream(1024);
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write((byte)1);
        writer.Write(IsExecutor);
        writer.Write(RequestedAt.ToUnixTimeMilliseconds());
        writer.Write(ExpiresAt.ToUnixTimeMilliseconds());
        writer.Write((OwnClaim ?? default).Span);
        writer.Write(FirstUnreadable);
        writer.Write((byte)Verdict);
        writer.Write(DecidedAt.ToUnixTimeMilliseconds());
        writer.Write(Reason ?? "");
        var book = new ArrayBufferWriter<byte>(1024);
        Book.WriteState(book);
        writer.Write(book.WrittenCount);
        writer.Write(book.WrittenSpan);
        writer.Flush();
        return stream.ToArray();
    }

    public static ApprovalFile Decode(ReadOnlyMemory<byte> bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes.ToArray(), writable: false), Encoding.UTF8);
        if (reader.ReadByte() != 1)
            throw new InvalidOperationException("The store holds an approval that newer code wrote: run that code.");
        bool isExecutor = reader.ReadBoolean();
        var requestedAt = DateTimeOffset.FromUnixTimeMilliseconds(reader.ReadInt64());
        var expiresAt = DateTimeOffset.FromUnixTimeMilliseconds(reader.ReadInt64());
        var claim = new Bytes32(reader.ReadBytes(Bytes32.Size));
        long unreadable = reader.ReadInt64();
        var verdict = (ApprovalVerdict)reader.ReadByte();
        var decidedAt = DateTimeOffset.FromUnixTimeMilliseconds(reader.ReadInt64());
        string reason = reader.ReadString();
        if (!ApprovalBook.TryReadState(reader.ReadBytes(reader.ReadInt32()), out var book))
            throw new InvalidOperationException("The store holds an approval that cannot be read: run the code that wrote it.");
        return new ApprovalFile
        {
            Book = book!,
            IsExecutor = isExecutor,
            RequestedAt = requestedAt,
            ExpiresAt = expiresAt,
            OwnClaim = claim.IsZero ? null : claim,
            FirstUnreadable = unreadable,
            Verdict = verdict,
            DecidedAt = decidedAt,
            Reason = reason.Length == 0 ? null : reason,
        };
    }
}
