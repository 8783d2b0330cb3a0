using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using AgentFlow.Protocol.Crypto;

namespace AgentFlow.Protocol.Threads;

/// <summary>The policy of a thread: suite, limits of an epoch, and who approves what. Public to the hub. Immutable.</summary>
/// <remarks>Reference: protocol.md 2.4. Header 48, then the rules. A later policy may only tighten an earlier one.</remarks>
public sealed class ThreadPolicy
{
    /// <summary>The default of <see cref="MaxEpochSeconds"/>: 24 hours.</summary>
    public const uint DefaultEpochSeconds = 86_400;

    /// <summary>The default of <see cref="MaxEpochMessages"/>.</summary>
    public const uint DefaultEpochMessages = 65_536;

    private const int HeaderSize = 48;
    private const int KeySize = 19;
    private readonly byte[] _bytes;
    private readonly PolicyRule[] _rules;

    private ThreadPolicy(byte[] bytes, PolicyRule[] rules)
    {
        _bytes = bytes;
        _rules = rules;
        Hash = AfHash.Hash(Labels.Policy, bytes);
    }

    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>The policy hash.</summary>
    public Bytes32 Hash { get; }

    /// <summary>The suite of the thread.</summary>
    public byte Suite => _bytes[1];

    /// <summary>After how many seconds of activity a new epoch is due.</summary>
    public uint MaxEpochSeconds => BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(4));

    /// <summary>After how many envelopes of one sender a new epoch is due.</summary>
    public uint MaxEpochMessages => BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(8));

    /// <summary>The hash of the contracts that the creator meant; zero for none.</summary>
    public Bytes32 CatalogueHash => new(_bytes.AsSpan(12, 32));

    /// <summary>The rules, ascending by contract, major version and rule number.</summary>
    public IReadOnlyList<PolicyRule> Rules => _rules;

    /// <summary>Makes a policy of suite 1.</summary>
    /// <param name="rules">The rules, in any order.</param>
    /// <param name="catalogueHash">The hash of the contracts, or zero.</param>
    /// <param name="maxEpochSeconds">At least 1.</param>
    /// <param name="maxEpochMessages">At least 1.</param>
    /// <exception cref="ArgumentException">Two rules have the same contract, major version and number, or a limit is 0.</exception>
    public static ThreadPolicy Create(
        IEnumerable<PolicyRule> rules, Bytes32 catalogueHash = default,
        uint maxEpochSeconds = DefaultEpochSeconds, uint maxEpochMessages = DefaultEpochMessages)
    {
        ArgumentOutOfRangeException.ThrowIfZero(maxEpochSeconds);
        ArgumentOutOfRangeException.ThrowIfZero(maxEpochMessages);
        byte[][] written = [.. rules.Select(rule =>
        {
            byte[] bytes = new byte[rule.Size];
            rule.Write(bytes);
            return bytes;
        })];
        Array.Sort(written, (a, b) => a.AsSpan(0, KeySize).SequenceCompareTo(b.AsSpan(0, KeySize)));
        byte[] header = new byte[HeaderSize];
        header[0] = 1;
        header[1] = Crypto.Suite.One;
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4), maxEpochSeconds);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(8), maxEpochMessages);
        catalogueHash.Span.CopyTo(header.AsSpan(12));
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(44), checked((ushort)written.Length));
        return TryParse([.. header, .. written.SelectMany(bytes => bytes)], out var policy, out var error)
            ? policy
            : throw new ArgumentException($"The rules do not make a policy ({error}): give each (contract, major version, rule number) once.", nameof(rules));
    }

    /// <summary>Reads a policy.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out ThreadPolicy? policy, out ProtocolError error)
    {
        policy = null;
        error = bytes.Length < HeaderSize ? ProtocolError.Length
            : bytes[0] != 1 ? ProtocolError.Version
            : bytes[1] != Crypto.Suite.One ? ProtocolError.Suite
            : bytes[2] != 0 || bytes[3] != 0 || bytes[46] != 0 || bytes[47] != 0 ? ProtocolError.Reserved
            : ProtocolError.None;
        if (error != ProtocolError.None)
            return false;
        int count = BinaryPrimitives.ReadUInt16LittleEndian(bytes[44..]);
        var rest = bytes[HeaderSize..];
        ReadOnlySpan<byte> before = [];
        if (rest.Length < count * PolicyRule.FixedSize)
        {
            error = ProtocolError.Length;
            return false;
        }

        var rules = new PolicyRule[count];
        for (int i = 0; i < count; i++)
        {
            if (!PolicyRule.TryRead(rest, out var rule, out error))
                return false;
            if (i > 0 && rest[..KeySize].SequenceCompareTo(before) <= 0)
            {
                error = ProtocolError.Order;
                return false;
            }

            before = rest[..KeySize];
            rules[i] = rule!;
            rest = rest[rule!.Size..];
        }

        error = rest.IsEmpty ? ProtocolError.None : ProtocolError.Length;
        policy = rest.IsEmpty ? new ThreadPolicy(bytes.ToArray(), rules) : null;
        return policy is not null;
    }

    /// <summary>The rules for a contract; without one, a message that requires approval never runs.</summary>
    public IEnumerable<PolicyRule> RulesFor(ContractId contract, ushort major) => _rules.Where(rule => rule.Contract == contract && rule.Major == major);

    /// <summary>Finds one rule.</summary>
    public PolicyRule? FindRule(ContractId contract, ushort major, byte ruleId) =>
        Array.Find(_rules, rule => rule.Contract == contract && rule.Major == major && rule.RuleId == ruleId);

    /// <summary>Whether a later policy only tightens this one: anything else needs a new thread.</summary>
    public bool IsTightenedBy(ThreadPolicy next) =>
        next.Suite >= Suite && next.MaxEpochSeconds <= MaxEpochSeconds && next.MaxEpochMessages <= MaxEpochMessages && next.CatalogueHash == CatalogueHash
        && Array.TrueForAll(_rules, rule => next.FindRule(rule.Contract, rule.Major, rule.RuleId) is { } later && rule.IsTightenedBy(later));
}
