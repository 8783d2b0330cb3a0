using System.Security.Cryptography;
using AgentFlow.Protocol.Crypto;
using AgentFlow.Protocol.Envelopes;

namespace AgentFlow.Protocol.Threads;

/// <summary>One device's part in a thread: the public state, and the secrets of its leaf.</summary>
/// <remarks>
/// Sealing and opening change this state in memory. Store it with <see cref="WriteState"/> in the same transaction as what came of the change; where that
/// fails, throw the object away and read the stored state again. One device key is one store is one writer. Not thread-safe. Dispose it: it zeroes the keys.
/// </remarks>
public sealed partial class ThreadMember : IDisposable
{
    private const int KeySize = 32;

    private readonly IRandomSource _random;
    private readonly InFlightEnvelopes _inFlight;
    private readonly byte[] _secrets;
    private readonly int _ownSlot;
    private ulong _sentSeq;
    private Bytes32 _sentDigest;
    private uint _sentGeneration;
    private bool _isDisposed;

    /// <param name="thread">The public state.</param>
    /// <param name="ownSlot">The place of the own leaf in the roster.</param>
    /// <param name="secrets">Pinned: 32 bytes for the leaf's private key, zero while no later Commit is accepted, then a chain key for each leaf.</param>
    /// <param name="isLocked">Whether the chain keys are missing.</param>
    /// <param name="inFlight">What was sealed and does not yet stand in the thread.</param>
    /// <param name="random">Where nonces come from.</param>
    private ThreadMember(PublicThread thread, int ownSlot, byte[] secrets, bool isLocked, InFlightEnvelopes inFlight, IRandomSource random)
    {
        Thread = thread;
        _ownSlot = ownSlot;
        _secrets = secrets;
        IsLocked = isLocked;
        _inFlight = inFlight;
        _random = random;
    }

    /// <summary>The public state. Do not accept envelopes into it yourself: <see cref="Open"/> does.</summary>
    public PublicThread Thread { get; }

    /// <summary>The thread.</summary>
    public ThreadId ThreadId => Thread.ThreadId;

    /// <summary>The own leaf.</summary>
    public uint Leaf => Own.Leaf;

    /// <summary>The own entry in the roster.</summary>
    public RosterEntry Entry => Own.Entry;

    /// <summary>Whether the own wrap of the epoch secret was wrong: nothing can be opened or sealed until the next Commit.</summary>
    public bool IsLocked { get; }

    /// <summary>The number of the newest envelope that this device sealed in the thread, whether or not it stands there yet.</summary>
    public ulong SentSeq => _sentSeq;

    private ref readonly RosterSlot Own => ref Thread.Epoch.Roster[_ownSlot];

    /// <summary>Zeroes the keys.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        CryptographicOperations.ZeroMemory(_secrets);
    }

    private Span<byte> ChainKey(int slot) => _secrets.AsSpan(KeySize * (slot + 1), KeySize);

    private static byte[] AllocateSecrets(int leaves) => GC.AllocateArray<byte>(KeySize * (leaves + 1), pinned: true);

    private static int FindSlot(Roster roster, Bytes32 device) => roster.TryFindDevice(device, out var slot) ? roster.IndexOf(slot.Leaf) : -1;
}
