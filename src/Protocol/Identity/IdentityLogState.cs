using System.Buffers.Binary;
using System.Text;
using AgentFlow.Protocol.Crypto;

namespace AgentFlow.Protocol.Identity;

/// <summary>What the entries of a log amount to, entry by entry: every rule of protocol.md 2.2 stands here.</summary>
internal sealed class IdentityLogState
{
    private readonly List<Bytes32> _roots = [];
    private readonly Dictionary<Bytes32, Key> _keys = [];
    private Bytes32 _nextRootHash;
    private Bytes32 _recoveryHash;

    public IdentityLogState()
    {
    }

    public IdentityLogState(IdentityLogState source)
    {
        Heads.AddRange(source.Heads);
        _roots.AddRange(source._roots);
        foreach (var (publicKey, key) in source._keys)
            _keys.Add(publicKey, key);
        _nextRootHash = source._nextRootHash;
        _recoveryHash = source._recoveryHash;
        Agent = source.Agent;
        Name = source.Name;
    }

    /// <summary>The head after each entry.</summary>
    public List<Bytes32> Heads { get; } = [];

    public AgentId Agent { get; private set; }

    public string Name { get; private set; } = "";

    public Bytes32 Root => _roots[^1];

    public IEnumerable<Bytes32> Keys => _keys.Keys;

    public bool TryGetKey(uint seq, Bytes32 publicKey, out KeyStatus status)
    {
        bool isKnown = _keys.TryGetValue(publicKey, out var key) && key.AddedAt <= seq;
        status = isKnown ? new KeyStatus(publicKey, key.Usage, key.NotAfter, key.AddedAt, key.RevokedAt <= seq) : default;
        return isKnown;
    }

    /// <summary>Verifies an entry and takes it. Where it is refused, this state is of no more use.</summary>
    public ProtocolError Apply(IdentityEntry entry)
    {
        if (entry.Seq != (uint)Heads.Count)
            return ProtocolError.Sequence;
        if (entry.Previous != (Heads.Count == 0 ? default : Heads[^1]))
            return ProtocolError.Link;
        if (entry.Type == IdentityEntryType.Genesis != (Heads.Count == 0))
            return ProtocolError.Order;
        Bytes32 hash = AfHash.Hash(Labels.IdentityLog, entry.SignedBytes);
        var error = entry.Type switch
        {
            IdentityEntryType.Genesis => ApplyGenesis(entry, hash),
            IdentityEntryType.RotateRoot => ApplyRotateRoot(entry, hash),
            IdentityEntryType.AddKey => ApplyAddKey(entry, hash),
            IdentityEntryType.RevokeKey => ApplyRevokeKey(entry, hash),
            _ => ApplyRecover(entry, hash),
        };
        Heads.Add(hash);
        return error;
    }

    private ProtocolError ApplyGenesis(IdentityEntry entry, Bytes32 hash)
    {
        if (!IsSigned(entry, hash, 0, entry.ReadKey(0)))
            return ProtocolError.Signature;
        Agent = new AgentId(AfHash.Hash(Labels.Agent, entry.SignedBytes));
        Name = Encoding.UTF8.GetString(entry.Body[IdentityEntry.GenesisFixedSize..]);
        SetRoot(entry.ReadKey(0), entry.ReadKey(32), entry.ReadKey(64));
        return ProtocolError.None;
    }

    private ProtocolError ApplyRotateRoot(IdentityEntry entry, Bytes32 hash)
    {
        Bytes32 newRoot = entry.ReadKey(0);
        if (AfHash.Hash(Labels.NextRoot, newRoot.Span) != _nextRootHash)
            return ProtocolError.Link;
        return ChangeRoot(entry, hash, Root, newRoot, entry.ReadKey(64), entry.ReadUInt32(96));
    }

    private ProtocolError ApplyRecover(IdentityEntry entry, Bytes32 hash)
    {
        Bytes32 recovery = entry.ReadKey(64);
        if (_recoveryHash.IsZero || AfHash.Hash(Labels.Recovery, recovery.Span) != _recoveryHash)
            return ProtocolError.Link;
        return ChangeRoot(entry, hash, recovery, entry.ReadKey(0), entry.ReadKey(96), entry.ReadUInt32(128));
    }

    private ProtocolError ChangeRoot(IdentityEntry entry, Bytes32 hash, Bytes32 signer, Bytes32 newRoot, Bytes32 recoveryHash, uint keepThroughSeq)
    {
        if (_keys.ContainsKey(newRoot))
            return ProtocolError.Key;
        if (keepThroughSeq >= entry.Seq)
            return ProtocolError.Field;
        if (!IsSigned(entry, hash, 0, signer) || !IsSigned(entry, hash, 1, newRoot))
            return ProtocolError.Signature;
        SetRoot(newRoot, entry.ReadKey(32), recoveryHash);
        foreach (var (publicKey, key) in _keys.ToArray())
        {
            if (key.AddedAt > keepThroughSeq)
                _keys[publicKey] = key with { RevokedAt = Math.Min(key.RevokedAt, entry.Seq) };
        }

        return ProtocolError.None;
    }

    private ProtocolError ApplyAddKey(IdentityEntry entry, Bytes32 hash)
    {
        Bytes32 publicKey = entry.ReadKey(0), signer = entry.ReadKey(44);
        var usage = (KeyUsage)BinaryPrimitives.ReadUInt16LittleEndian(entry.Body[32..]);
        if (_keys.ContainsKey(publicKey) || _roots.Contains(publicKey))
            return ProtocolError.Key;
        if (signer != Root && !(usage == KeyUsage.MessageDevice && IsLiveAdmin(signer)))
            return ProtocolError.Signer;
        if (!IsSigned(entry, hash, 0, signer) || !IsSigned(entry, hash, 1, publicKey))
            return ProtocolError.Signature;
        _keys.Add(publicKey, new Key(usage, BinaryPrimitives.ReadInt64LittleEndian(entry.Body[36..]), entry.Seq, uint.MaxValue));
        return ProtocolError.None;
    }

    private ProtocolError ApplyRevokeKey(IdentityEntry entry, Bytes32 hash)
    {
        Bytes32 publicKey = entry.ReadKey(0), signer = entry.ReadKey(41);
        if (!_keys.TryGetValue(publicKey, out var key) || key.RevokedAt != uint.MaxValue)
            return ProtocolError.Key;
        if (signer != Root && !IsLiveAdmin(signer))
            return ProtocolError.Signer;
        if (!IsSigned(entry, hash, 0, signer))
            return ProtocolError.Signature;
        _keys[publicKey] = key with { RevokedAt = entry.Seq };
        return ProtocolError.None;
    }

    private bool IsLiveAdmin(Bytes32 publicKey) =>
        _keys.TryGetValue(publicKey, out var key) && key is { Usage: KeyUsage.Admin, RevokedAt: uint.MaxValue };

    private void SetRoot(Bytes32 root, Bytes32 nextRootHash, Bytes32 recoveryHash)
    {
        _roots.Add(root);
        _nextRootHash = nextRootHash;
        _recoveryHash = recoveryHash;
    }

    private static bool IsSigned(IdentityEntry entry, Bytes32 hash, int index, Bytes32 signer) =>
        SigningKey.Verify(signer, Labels.SignIdentity, hash, entry.Signature(index));

    /// <param name="Usage">What it may do.</param>
    /// <param name="NotAfter">Its end, or 0.</param>
    /// <param name="AddedAt">The entry that added it.</param>
    /// <param name="RevokedAt">The entry that revoked it, or the greatest number.</param>
    private readonly record struct Key(KeyUsage Usage, long NotAfter, uint AddedAt, uint RevokedAt);
}
