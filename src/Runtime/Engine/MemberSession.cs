using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using AgentFlow.Protocol;
using AgentFlow.Protocol.Buffers;
using AgentFlow.Protocol.Crypto;
using AgentFlow.Protocol.Envelopes;
using AgentFlow.Protocol.Hub;
using AgentFlow.Protocol.Identity;
using AgentFlow.Protocol.Threads;
using AgentFlow.Store;
using AgentKeys = AgentFlow.Keys.LocalAgent;

namespace AgentFlow.Engine;

/// <summary>A leaf in a thread, as the engine uses it: seals and opens, and gives with each envelope what the history keeps of it.</summary>
internal sealed class MemberSession : IDisposable
{
    private readonly ThreadMember _member;
    private readonly SigningKey _device;
    private readonly KnownHash _hashes = new();
    private ThreadChecks? _checks;

    private MemberSession(ThreadMember member, SigningKey device) => (_member, _device) = (member, device);

    /// <summary>The position up to which the thread is verified.</summary>
    public long Received => _member.Thread.Position;

    /// <summary>T at that position.</summary>
    public Bytes32 ThreadHash => _member.Thread.ThreadHash;

    public Roster Roster => _member.Thread.Epoch.Roster;

    public ThreadPolicy Policy => _member.Thread.Epoch.Policy;

    /// <summary>0 for the creator; else the position of the Commit that added this leaf, which is the first as long as no other adds.</summary>
    public long JoinPosition => _member.Leaf == 0 ? 0 : 1;

    /// <summary>Goes on from a stored state, and erases the bytes.</summary>
    public static MemberSession Take(byte[] state, AgentKeys keys)
    {
        bool isRead = ThreadMember.TryReadState(state, out var member);
        Erase(state);
        return isRead
            ? new MemberSession(member!, keys.Device)
            : throw new AgentFlowException("store.member", "The stored state of a thread's member is damaged. Restore the agents' store from a backup.");
    }

    /// <summary>Makes a thread, with its genesis as the history keeps it.</summary>
    public static (MemberSession Member, ThreadId Thread, IncomingEnvelope Genesis, byte[] Bytes) Create(
        AgentKeys keys, ThreadPolicy policy, IReadOnlyList<InvitedMember> members, DateTimeOffset now)
    {
        long time = now.ToUnixTimeMilliseconds();
        var creation = new ThreadCreation { Device = keys.Device, Log = keys.Log, Policy = policy, Members = members, Time = time };
        var genesis = ThreadMember.Create(creation);
        var session = new MemberSession(genesis.Member, keys.Device);
        byte[] bytes = genesis.Envelope.ToArray();
        return (session, genesis.Member.ThreadId, session.DescribeGenesis(bytes, genesis.Digest, keys.Agent, MessageId.New(now)), bytes);
    }

    /// <summary>Joins a thread from its first Commit; <see cref="ProtocolError.Locked"/> where the prekey that added this device is not kept any more.</summary>
    public static bool TryJoin(
        ThreadId thread, StoredEnvelope genesis, GenesisInvitation invitation, AgentKeys keys, IIdentitySource peers,
        [NotNullWhen(true)] out MemberSession? session, out ProtocolError error)
    {
        session = null;
        var mine = invitation.Invited.FirstOrDefault(entry => entry.Device == keys.Device.PublicKey);
        using var prekey = keys.FindPrekey(mine.LeafKey);
        var checks = new ThreadChecks { Identities = peers, Hashes = new KnownHash() };
        bool isJoined = ThreadMember.TryJoin(
            genesis.Envelope.Span, thread, invitation.Creator.Agent, keys.Device.PublicKey, prekey is null ? [] : [prekey], checks, out var member, out error);
        if (isJoined && member!.IsLocked)
        {
            member.Dispose();
            error = ProtocolError.Locked;
            return false;
        }

        if (isJoined)
            session = new MemberSession(member!, keys.Device);
        return isJoined;
    }

    /// <summary>The genesis as the history of a joiner keeps it.</summary>
    public IncomingEnvelope DescribeGenesis(StoredEnvelope genesis, AgentId creator) =>
        DescribeGenesis(genesis.Envelope, _member.Thread.SenderOf(_member.Thread.Epoch.Roster.Slots[0].Entry.Device).Digest, creator, genesis.MessageId);

    /// <summary>When its sender says that it was sent, in Unix milliseconds.</summary>
    public static long TimeOf(HistoryRecord record) => new EnvelopeHeader(record.Header.Span).Time;

    /// <summary>The group context of the epoch.</summary>
    public Bytes32 Context => _member.Thread.Epoch.Context;

    /// <summary>The older position whose T the checks of an envelope will ask for, or null.</summary>
    public long? HashNeeded(StoredEnvelope envelope)
    {
        if (!TryRead(envelope, out var view) || view.Header.AckSeq >= (ulong)Received)
            return null;
        long acknowledged = (long)view.Header.AckSeq;
        return _member.Thread.KnowsHash(acknowledged) ? null : acknowledged;
    }

    /// <summary>Gives T of an older position to the next check.</summary>
    public void Provide(long position, Bytes32 hash) => _hashes.Set(position, hash);

    /// <summary>Checks and opens the envelope at the next position; the state moves on unless it is a fault or damaged.</summary>
    public IncomingEnvelope Open(StoredEnvelope stored, IIdentitySource peers, bool isFinal)
    {
        _checks ??= new ThreadChecks { Identities = peers, Hashes = _hashes };
        using var plaintext = new PooledBuffer();
        var result = _member.Open(stored.Position, stored.Envelope.Span, stored.IsExpired, plaintext, _checks, isFinal ? OpenMode.Final : OpenMode.First);
        return new IncomingEnvelope
        {
            Kind = KindOf(result.Outcome),
            Position = stored.Position,
            Digest = result.Envelope.Digest,
            ThreadHash = ThreadHash,
            Acknowledged = result.Envelope.AckSeq,
            Record = result.HasAdvanced && result.Outcome != OpenOutcome.Own ? RecordOf(stored, result, plaintext.WrittenSpan) : null,
            Error = result.Error,
            Reason = result.Error == ProtocolError.None ? result.Outcome.ToString() : result.Error.ToString(),
        };
    }

    /// <summary>Seals a finished plaintext, with a time in Unix milliseconds.</summary>
    public SealedEnvelope Seal(MessageId id, PooledBuffer buffer, AgentId sender, long time)
    {
        byte[] plaintext = buffer.WrittenSpan[EnvelopeHeader.Size..].ToArray();
        var made = _member.Seal(buffer, _device, new SealOptions(time));
        byte[] bytes = buffer.WrittenSpan.ToArray();
        var record = new HistoryRecord
        {
            MessageId = id,
            Sender = sender,
            Header = bytes.AsMemory(0, EnvelopeHeader.Size),
            Context = made.Context,
            CommitmentKey = made.CommitmentKey,
            Trailer = bytes.AsMemory(^SigningKey.SignatureSize..),
            Plaintext = plaintext,
        };
        return new SealedEnvelope(made.Digest, bytes, record);
    }

    /// <summary>The state with its keys. Pass it to <see cref="Erase"/> once it is stored.</summary>
    public byte[] WriteState()
    {
        // It grows without leaving copies of keys behind.
        using var buffer = new PooledBuffer(maximumLength: int.MaxValue);
        _member.WriteState(buffer);
        return buffer.WrittenSpan.ToArray();
    }

    public static void Erase(byte[] state) => CryptographicOperations.ZeroMemory(state);

    public void Dispose() => _member.Dispose();

    private IncomingEnvelope DescribeGenesis(ReadOnlyMemory<byte> envelope, Bytes32 digest, AgentId creator, MessageId id)
    {
        EnvelopeView.TryRead(envelope.Span, out var view, out _);
        return new IncomingEnvelope
        {
            Kind = IncomingKind.Opened,
            Position = 1,
            Digest = digest,
            ThreadHash = ThreadHash,
            Record = new HistoryRecord
            {
                MessageId = id,
                Sender = creator,
                Header = view.Header.Bytes.ToArray(),
                Context = _member.Thread.StartContext,
                CommitmentKey = default,
                Trailer = view.Trailer.ToArray(),
                Plaintext = view.Body.ToArray(),
            },
        };
    }

    private static HistoryRecord RecordOf(StoredEnvelope stored, in OpenResult result, ReadOnlySpan<byte> plaintext)
    {
        bool isRead = TryRead(stored, out var view);
        return new HistoryRecord
        {
            MessageId = stored.MessageId,
            Sender = result.Sender,
            Header = isRead ? view.Header.Bytes.ToArray() : default,
            Context = result.Context,
            CommitmentKey = result.CommitmentKey,
            Trailer = isRead ? view.Trailer.ToArray() : default,
            // What a rejected envelope leaves is its message key. Nothing here opens it again, so the key is not kept.
            Plaintext = result.Outcome == OpenOutcome.Rejected ? default : plaintext.ToArray(),
        };
    }

    /// <summary>Reads an envelope whether or not the hub has its body still.</summary>
    public static bool TryRead(StoredEnvelope stored, out EnvelopeView view) => stored.IsExpired
        ? EnvelopeView.TryReadExpired(stored.Envelope.Span, out view, out _)
        : EnvelopeView.TryRead(stored.Envelope.Span, out view, out _);

    private static IncomingKind KindOf(OpenOutcome outcome) => outcome switch
    {
        OpenOutcome.Opened => IncomingKind.Opened,
        OpenOutcome.Own => IncomingKind.Own,
        OpenOutcome.Damaged => IncomingKind.Damaged,
        OpenOutcome.Rejected or OpenOutcome.Locked => IncomingKind.Rejected,
        OpenOutcome.Expired => IncomingKind.Expired,
        _ => IncomingKind.Fault,
    };

    private sealed class KnownHash : IThreadHashes
    {
        private long _position = -1;
        private Bytes32 _hash;

        public void Set(long position, Bytes32 hash) => (_position, _hash) = (position, hash);

        public bool TryFind(ThreadId thread, long position, out Bytes32 hash)
        {
            hash = _hash;
            return position == _position;
        }
    }
}
