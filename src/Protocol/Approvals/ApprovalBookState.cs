using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using AgentFlow.Protocol.Threads;

namespace AgentFlow.Protocol.Approvals;

/// <summary>The stored form of an <see cref="ApprovalBook"/>.</summary>
/// <remarks>
/// Not a wire format: local to one store. Version u8; request: thread 32, position i64, E 32, requester 32, contract 16, major u16, target flag u8 and 32,
/// subject 32, policy u32 length and bytes; statements u32 count, each position i64, final u8, payload u32 length and bytes; claims u32 count, each position
/// i64, agent 32, E 32. Little-endian.
/// </remarks>
internal static class ApprovalBookState
{
    private const byte Version = 1;

    public static void Write(ApprovalBook book, IBufferWriter<byte> destination)
    {
        var request = book.Request;
        destination.Write([Version]);
        destination.Write(request.Thread.Span);
        WriteInt64(destination, request.Position);
        destination.Write(request.Envelope.Span);
        destination.Write(request.Requester.Span);
        Span<byte> contract = stackalloc byte[ContractId.Size + 2];
        request.Contract.Write(contract);
        BinaryPrimitives.WriteUInt16LittleEndian(contract[ContractId.Size..], request.Major);
        destination.Write(contract);
        destination.Write([request.Target is null ? (byte)0 : (byte)1]);
        destination.Write((request.Target ?? default).Span);
        destination.Write(request.Subject.Span);
        WriteBlock(destination, request.Policy.Bytes.Span);
        WriteInt32(destination, book.Statements.Count);
        foreach (var statement in book.Statements)
        {
            WriteInt64(destination, statement.Position);
            destination.Write([statement.IsFinal ? (byte)1 : (byte)0]);
            WriteBlock(destination, statement.Approval.ToPayload());
        }

        WriteInt32(destination, book.Claims.Count);
        foreach (var claim in book.Claims)
        {
            WriteInt64(destination, claim.Position);
            destination.Write(claim.Agent.Span);
            destination.Write(claim.Envelope.Span);
        }
    }

    public static bool TryRead(ReadOnlySpan<byte> bytes, out ApprovalBook? book)
    {
        var reader = new StateReader(bytes);
        book = null;
        bool isKnown = reader.Take(1) is [Version];
        var thread = new ThreadId(reader.Bytes32());
        long position = reader.Int64();
        var envelope = reader.Bytes32();
        var requester = new AgentId(reader.Bytes32());
        var contract = ContractId.Read(reader.Take(ContractId.Size));
        ushort major = BinaryPrimitives.ReadUInt16LittleEndian(reader.Take(2));
        bool hasTarget = reader.Take(1)[0] == 1;
        var target = new AgentId(reader.Bytes32());
        var subject = reader.Bytes32();
        if (!ThreadPolicy.TryParse(reader.Block(), out var policy, out _) || !isKnown || reader.HasFailed)
            return false;
        List<BookedStatement> statements = [];
        for (int left = reader.Int32(); left > 0 && !reader.HasFailed; left--)
        {
            long at = reader.Int64();
            bool isFinal = reader.Take(1)[0] == 1;
            if (!SignedApproval.TryParse(reader.Block(), out var approval, out _))
                return false;
            statements.Add(new BookedStatement(at, approval!, isFinal));
        }

        List<ApprovalClaim> claims = [];
        for (int left = reader.Int32(); left > 0 && !reader.HasFailed; left--)
            claims.Add(new ApprovalClaim(reader.Int64(), new AgentId(reader.Bytes32()), reader.Bytes32()));
        if (reader.HasFailed || !reader.IsAtEnd)
            return false;
        book = new ApprovalBook(
            new ApprovalRequest
            {
                Thread = thread,
                Position = position,
                Envelope = envelope,
                Requester = requester,
                Contract = contract,
                Major = major,
                Target = hasTarget ? target : null,
                Subject = subject,
                Policy = policy!,
            },
            statements,
            claims);
        return true;
    }

    private static void WriteInt32(IBufferWriter<byte> destination, int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(destination.GetSpan(4), value);
        destination.Advance(4);
    }

    private static void WriteInt64(IBufferWriter<byte> destination, long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(destination.GetSpan(8), value);
        destination.Advance(8);
    }

    private static void WriteBlock(IBufferWriter<byte> destination, ReadOnlySpan<byte> block)
    {
        WriteInt32(destination, block.Length);
        destination.Write(block);
    }

    /// <summary>Reads on after the end as zeros, and remembers that it did.</summary>
    private ref struct StateReader(ReadOnlySpan<byte> bytes)
    {
        private static readonly byte[] s_zeros = new byte[32];
        private ReadOnlySpan<byte> _rest = bytes;

        public bool HasFailed { get; private set; }

        public readonly bool IsAtEnd => _rest.IsEmpty;

        public ReadOnlySpan<byte> Take(int count)
        {
            if (count < 0 || count > _rest.Length)
            {
                HasFailed = true;
                _rest = default;
                return s_zeros.AsSpan(0, Math.Clamp(count, 0, s_zeros.Length));
            }

            var taken = _rest[..count];
            _rest = _rest[count..];
            return taken;
        }

        public Bytes32 Bytes32() => new(Take(AgentFlow.Bytes32.Size));

        public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

        public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

        public ReadOnlySpan<byte> Block() => Take(Int32());
    }
}
