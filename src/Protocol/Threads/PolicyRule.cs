using System.Buffers.Binary;

namespace AgentFlow.Protocol.Threads;

/// <summary>One approval rule of a thread's policy: who must agree before a message of a contract may run. Immutable.</summary>
/// <remarks>Reference: protocol.md 2.4. 32 bytes and 32 for each approver.</remarks>
public sealed class PolicyRule
{
    internal const int FixedSize = 32;
    private readonly AgentId[] _approvers;

    /// <summary>Makes a rule.</summary>
    /// <param name="contract">The contract.</param>
    /// <param name="major">Its major version.</param>
    /// <param name="ruleId">The 1-based number of the contract's approval requirement in its declaration.</param>
    /// <param name="quorum">How many distinct approvers must say yes, at least 1.</param>
    /// <param name="denyEnds">Whether one no refuses the request.</param>
    /// <param name="maxLifetimeSeconds">How long a yes is good at most.</param>
    /// <param name="approvers">Who may approve; sorted here.</param>
    /// <exception cref="ArgumentException">The quorum or rule number is 0, or an approver is named twice.</exception>
    public PolicyRule(ContractId contract, ushort major, byte ruleId, byte quorum, bool denyEnds, uint maxLifetimeSeconds, IEnumerable<AgentId> approvers)
    {
        ArgumentOutOfRangeException.ThrowIfZero(ruleId);
        ArgumentOutOfRangeException.ThrowIfZero(quorum);
        _approvers = [.. approvers.Order()];
        if (_approvers.Distinct().Count() != _approvers.Length || _approvers.Length > ushort.MaxValue)
            throw new ArgumentException("Name each approver once.", nameof(approvers));
        Contract = contract;
        Major = major;
        RuleId = ruleId;
        Quorum = quorum;
        DenyEnds = denyEnds;
        MaxLifetimeSeconds = maxLifetimeSeconds;
    }

    /// <summary>The contract.</summary>
    public ContractId Contract { get; }

    /// <summary>The major version of the contract.</summary>
    public ushort Major { get; }

    /// <summary>The 1-based number of the contract's approval requirement in its declaration.</summary>
    public byte RuleId { get; }

    /// <summary>How many distinct approvers must say yes.</summary>
    public byte Quorum { get; }

    /// <summary>Whether one no refuses the request.</summary>
    public bool DenyEnds { get; }

    /// <summary>How long a yes is good at most, in seconds from its issue.</summary>
    public uint MaxLifetimeSeconds { get; }

    /// <summary>Who may approve, ascending.</summary>
    public IReadOnlyList<AgentId> Approvers => _approvers;

    internal int Size => FixedSize + (Bytes32.Size * _approvers.Length);

    /// <summary>Whether an agent may approve under this rule.</summary>
    public bool Allows(AgentId approver) => Array.BinarySearch(_approvers, approver) >= 0;

    /// <summary>Whether a later rule for the same requirement only tightens this one.</summary>
    internal bool IsTightenedBy(PolicyRule next) =>
        next.Quorum >= Quorum && next.MaxLifetimeSeconds <= MaxLifetimeSeconds && (next.DenyEnds || !DenyEnds) && next._approvers.All(Allows);

    internal void Write(Span<byte> destination)
    {
        destination[..FixedSize].Clear();
        Contract.Write(destination);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[16..], Major);
        destination[18] = RuleId;
        destination[19] = Quorum;
        destination[20] = DenyEnds ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32LittleEndian(destination[24..], MaxLifetimeSeconds);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[28..], (ushort)_approvers.Length);
        for (int i = 0; i < _approvers.Length; i++)
            _approvers[i].Span.CopyTo(destination[(FixedSize + (32 * i))..]);
    }

    /// <summary>Reads the first rule of the bytes.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> bytes, out PolicyRule? rule, out ProtocolError error)
    {
        rule = null;
        error = ProtocolError.Length;
        if (bytes.Length < FixedSize)
            return false;
        int count = BinaryPrimitives.ReadUInt16LittleEndian(bytes[28..]);
        if (bytes.Length < FixedSize + (32 * count))
            return false;
        error = bytes[18] == 0 || bytes[19] == 0 || bytes[20] > 1 ? ProtocolError.Field
            : bytes[21..24].ContainsAnyExcept((byte)0) || bytes[30..32].ContainsAnyExcept((byte)0) ? ProtocolError.Reserved
            : ProtocolError.None;
        if (error != ProtocolError.None)
            return false;
        var approvers = new AgentId[count];
        for (int i = 0; i < count; i++)
        {
            approvers[i] = new AgentId(bytes.Slice(FixedSize + (32 * i), 32));
            if (i > 0 && approvers[i].CompareTo(approvers[i - 1]) <= 0)
            {
                error = ProtocolError.Order;
                return false;
            }
        }

        rule = new PolicyRule(
            ContractId.Read(bytes), BinaryPrimitives.ReadUInt16LittleEndian(bytes[16..]), bytes[18], bytes[19], bytes[20] == 1,
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[24..]), approvers);
        return true;
    }
}
