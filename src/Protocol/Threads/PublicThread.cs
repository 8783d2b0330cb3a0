using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using AgentFlow.Protocol.Envelopes;

namespace AgentFlow.Protocol.Threads;

/// <summary>
/// What everybody can know of a thread: its position, its hash, its epoch, and the last words of every device. Hub and members keep the same.
/// </summary>
/// <remarks>
/// Reference: protocol.md 2.7, "Public checks". <see cref="TryCheck(ReadOnlySpan{byte}, ThreadChecks, out CheckedEnvelope, out ProtocolError)"/> changes
/// nothing;
/// <see cref="Accept"/> moves the thread on. Not thread-safe. A state that was changed in memory and not stored is thrown away by reading it again.
/// </remarks>
public sealed partial class PublicThread
{
    /// <summary>For how many positions back T is known without <see cref="IThreadHashes"/>.</summary>
    public const int RecentHashes = 64;

    private readonly Dictionary<Bytes32, SenderState> _senders;
    private readonly Bytes32[] _recent = new Bytes32[RecentHashes];
    private uint[] _generations;
    private long _recentFrom;

    private PublicThread(
        ThreadEpoch epoch, Bytes32 startContext, long position, Bytes32 threadHash, Dictionary<Bytes32, SenderState> senders, uint[] generations)
    {
        Epoch = epoch;
        StartContext = startContext;
        Position = position;
        ThreadHash = threadHash;
        _senders = senders;
        _generations = generations;
        _recentFrom = position;
        _recent[position % RecentHashes] = threadHash;
    }

    /// <summary>The thread.</summary>
    public ThreadId ThreadId => Epoch.ThreadId;

    /// <summary>The position of the newest envelope that was accepted; 0 before the first.</summary>
    public long Position { get; private set; }

    /// <summary>T at <see cref="Position"/>.</summary>
    public Bytes32 ThreadHash { get; private set; }

    /// <summary>The epoch of the next envelope.</summary>
    public ThreadEpoch Epoch { get; private set; }

    /// <summary>The context of epoch 0, which is T at position 0.</summary>
    public Bytes32 StartContext { get; }

    /// <summary>The generation that a leaf used last in this epoch; 0 before the first, and for a leaf that is not there.</summary>
    public uint GenerationOf(uint leaf) => Epoch.Roster.IndexOf(leaf) is >= 0 and var index ? _generations[index] : 0;

    /// <summary>Whether T of a position is known here, without <see cref="IThreadHashes"/>. A state that was stored and read again knows its newest one only.</summary>
    public bool KnowsHash(long position) => position == 0 || (position >= _recentFrom && position > Position - RecentHashes && position <= Position);

    /// <summary>The last words of a device; zeros before its first envelope.</summary>
    public SenderState SenderOf(Bytes32 device) => _senders.GetValueOrDefault(device);

    /// <summary>Starts a thread from its first envelope, which becomes position 1.</summary>
    /// <param name="genesis">The envelope.</param>
    /// <param name="checks">The surroundings.</param>
    /// <param name="thread">The thread at position 1, in epoch 1.</param>
    /// <param name="error">Why it was refused.</param>
    public static bool TryStart(ReadOnlySpan<byte> genesis, ThreadChecks checks, [NotNullWhen(true)] out PublicThread? thread, out ProtocolError error)
    {
        thread = null;
        if (!EnvelopeView.TryRead(genesis, out var envelope, out error)
            || !GenesisReader.TryReadStart(envelope.Header, envelope.Body, checks.Identities, out var start, out error))
            return false;
        var started = new PublicThread(start, start.Context, 0, start.Context, [], new uint[1]);
        if (!started.TryCheck(genesis, checks, out var accepted, out error))
            return false;
        started.Accept(accepted);
        thread = started;
        return true;
    }

    /// <summary>Checks an envelope for the next position, in the order of protocol.md 2.7. Changes nothing; costs one signature.</summary>
    /// <param name="envelope">The bytes.</param>
    /// <param name="checks">The surroundings.</param>
    /// <param name="accepted">What to pass to <see cref="Accept"/>.</param>
    /// <param name="error">Why it was refused.</param>
    public bool TryCheck(ReadOnlySpan<byte> envelope, ThreadChecks checks, out CheckedEnvelope accepted, out ProtocolError error)
    {
        accepted = default;
        return EnvelopeView.TryRead(envelope, out var view, out error) && TryCheck(view, checks, default, out accepted, out error);
    }

    /// <summary>
    /// Checks an envelope whose body the hub has expired: the same checks on header and trailer alone. Never a Commit, whose body does not expire.
    /// </summary>
    /// <param name="headerAndTrailer">The bytes that the hub kept.</param>
    /// <param name="checks">The surroundings.</param>
    /// <param name="accepted">What to pass to <see cref="Accept"/>.</param>
    /// <param name="error">Why it was refused.</param>
    public bool TryCheckExpired(ReadOnlySpan<byte> headerAndTrailer, ThreadChecks checks, out CheckedEnvelope accepted, out ProtocolError error)
    {
        accepted = default;
        return EnvelopeView.TryReadExpired(headerAndTrailer, out var view, out error) && TryCheck(view, checks, default, out accepted, out error);
    }

    /// <summary>Moves the thread on by one position.</summary>
    /// <param name="accepted">What the check of this very state gave.</param>
    /// <exception cref="InvalidOperationException">The state has changed since the check.</exception>
    public void Accept(in CheckedEnvelope accepted)
    {
        if (accepted.Position != Position + 1 || accepted.Base != ThreadHash)
            throw new InvalidOperationException("The envelope was checked against another state of this thread. Check it again, then accept it.");
        CollectionsMarshal.GetValueRefOrAddDefault(_senders, accepted.Device, out _) = new SenderState(accepted.SenderSeq, accepted.Digest, accepted.AckSeq);
        Position = accepted.Position;
        ThreadHash = EnvelopeDigest.Thread(ThreadHash, Position, accepted.Digest);
        _recent[Position % RecentHashes] = ThreadHash;
        if (accepted.Next is { } next)
        {
            Epoch = next;
            _generations = new uint[next.Roster.Count];
        }
        else
        {
            _generations[accepted.SlotIndex] = accepted.Generation;
        }
    }
}
