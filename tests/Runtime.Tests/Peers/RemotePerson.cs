using System.Security.Cryptography;
using AgentFlow.Contracts;
using AgentFlow.Engine;
using AgentFlow.Keys;
using AgentFlow.Protocol.Approvals;
using AgentFlow.Protocol.Buffers;
using AgentFlow.Protocol.Crypto;
using AgentFlow.Protocol.Frames;
using AgentFlow.Protocol.Hub;
using AgentFlow.Protocol.Identity;
using AgentFlow.Protocol.Threads;
using AgentFlow.Store;
using AgentFlow.Testing;

namespace AgentFlow.Runtime.Tests.Peers;

/// <summary>A person of another process: its own keys, its own view of the threads, and only the hub in between.</summary>
internal sealed class RemotePerson : IIdentitySource, IDisposable
{
    private static readonly DateTimeOffset s_start = new ManualTimeProvider().GetUtcNow();
    private readonly Dictionary<AgentId, IdentityLog> _logs = [];
    private readonly Dictionary<long, (Bytes32 Envelope, Bytes32 Subject)> _requests = [];
    private readonly Dictionary<long, (Bytes32 Envelope, HistoryRecord Record)> _opened = [];
    private MemberSession? _member;

    public RemotePerson(string name)
    {
        Keys = LocalAgent.Open(IdentityFactory.Create(name, isPerson: true, s_start));
        _logs[Id] = Keys.Log;
    }

    public LocalAgent Keys { get; }

    public AgentId Id => Keys.Agent;

    public IdentityLog Log => _logs[Id];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public IdentityLog? Find(AgentId agent) => _logs.GetValueOrDefault(agent);

    /// <summary>Publishes log and bundle; the log alone once the device is revoked, because no bundle of it verifies then.</summary>
    public async Task PublishAsync(IHub hub)
    {
        var bundle = Keys.Bundle.Verify(Log) == Protocol.ProtocolError.None ? Keys.Bundle.Bytes : default;
        Assert.Equal(HubStatus.Ok, await hub.RegisterAgentAsync(new AgentRegistration(Id, Log.Bytes, bundle), Cancel));
    }

    /// <summary>Revokes a key and publishes that at the hub, and nowhere else.</summary>
    public Task RevokeAsync(IHub hub, SigningKey key)
    {
        using var root = SigningKey.FromSeed(Keys.Secrets.Root!);
        _logs[Id] = IdentityLogWriter.RevokeKey(Log, key.PublicKey, 0, 0, root, Log.HeadSeq);
        return PublishAsync(hub);
    }

    public async Task<SigningKey> AddApproverAsync(IHub hub)
    {
        var key = SigningKey.Generate();
        using var root = SigningKey.FromSeed(Keys.Secrets.Root!);
        _logs[Id] = IdentityLogWriter.AddKey(Log, key, KeyUsage.Approve, 0, root, Log.HeadSeq);
        await PublishAsync(hub);
        return key;
    }

    /// <summary>Votes with a key, under a head of the own log: the newest one unless another is named.</summary>
    public Task VoteAsync(IHub hub, ApprovalCard card, Decision decision, SigningKey key, Bytes32? head = null) =>
        VoteAsync(hub, card, key, statement => statement with { Decision = decision, LogHead = head ?? statement.LogHead });

    /// <summary>Votes with a statement that says what a test makes it say, signed with a key.</summary>
    public async Task VoteAsync(IHub hub, ApprovalCard card, SigningKey key, Func<ApprovalStatement, ApprovalStatement> change) =>
        await SendAsync(hub, card.Thread, BuiltInContracts.Header(BuiltInContracts.Approval), await SignAsync(hub, card, key, change));

    /// <summary>The payload of such a vote.</summary>
    public async Task<byte[]> SignAsync(IHub hub, ApprovalCard card, SigningKey key, Func<ApprovalStatement, ApprovalStatement> change)
    {
        await CatchUpAsync(hub, card.Thread);
        var (envelope, subject) = _requests[card.Position];
        var statement = new ApprovalStatement
        {
            Decision = Decision.Yes,
            RuleId = 1,
            Quorum = (byte)card.Requirements[0].Quorum,
            Thread = card.Thread,
            RequestEnvelope = envelope,
            Subject = subject,
            Approver = Id,
            ApproverKey = default,
            LogHead = Log.Head,
            IssuedAt = card.RequestedAt.ToUnixTimeMilliseconds(),
            ExpiresAt = card.ExpiresAt.ToUnixTimeMilliseconds(),
            ThreadPosition = _member!.Received,
            ThreadHash = _member.ThreadHash,
            Nonce = 1,
        };
        return SignedApproval.Sign(change(statement), null, key).ToPayload();
    }

    /// <summary>Asks for a deployment, as any member may.</summary>
    public Task AskAsync(IHub hub, ThreadId thread, ReadOnlyMemory<byte> payload, long? time = null)
    {
        var contract = new ContractEntry(AgentFlowModule.Descriptor.Messages.Single(message => message.Name == "release.deploy"));
        var header = new FrameHeader { Contract = contract.Id, Major = contract.Major, Codec = FrameCodec.Protobuf, SchemaHash = contract.SchemaHash };
        return SendAsync(hub, thread, header, payload, RandomNumberGenerator.GetBytes(16), time);
    }

    /// <summary>Sends one frame, whatever it holds, in an envelope that says a time and has an id.</summary>
    public Task SendAsync(
        IHub hub, ThreadId thread, FrameHeader header, ReadOnlyMemory<byte> payload, ReadOnlyMemory<byte> salt = default, long? time = null, MessageId? id = null) =>
        SendAsync(hub, thread, header, [payload], salt, time, id);

    /// <summary>Sends some frames of one contract in one envelope.</summary>
    public async Task SendAsync(
        IHub hub, ThreadId thread, FrameHeader header, IReadOnlyList<ReadOnlyMemory<byte>> payloads, ReadOnlyMemory<byte> salt = default, long? time = null,
        MessageId? id = null)
    {
        await CatchUpAsync(hub, thread);
        var messageId = id ?? MessageId.New(s_start);
        await AppendAsync(hub, thread, Seal(messageId, header, payloads, salt, time), messageId);
    }

    /// <summary>Appends what was sealed before.</summary>
    public static async Task AppendAsync(IHub hub, ThreadId thread, ReadOnlyMemory<byte> envelope, MessageId? id = null) =>
        Assert.True((await hub.AppendAsync(thread, id ?? MessageId.New(s_start), envelope, Cancel)).IsAccepted);

    /// <summary>Seals a note that says nothing, and keeps it back.</summary>
    public async Task<byte[]> SealNoteAsync(IHub hub, ThreadId thread)
    {
        await CatchUpAsync(hub, thread);
        return Seal(MessageId.New(s_start), BuiltInContracts.Header(BuiltInContracts.Leaf), [default], default, null);
    }

    /// <summary>Seals two notes for one place of the own sequence, as no honest device does, and goes on from the first.</summary>
    public async Task<(byte[] First, byte[] Second)> SealTwoNotesAsync(IHub hub, ThreadId thread)
    {
        await CatchUpAsync(hub, thread);
        byte[] before = _member!.WriteState();
        byte[] first = await SealNoteAsync(hub, thread);
        byte[] after = _member.WriteState();
        GoOnFrom(before);
        byte[] second = await SealNoteAsync(hub, thread);
        GoOnFrom(after);
        return (first, second);
    }

    /// <summary>What stands at a position, by the own view.</summary>
    public async Task<(Bytes32 Envelope, HistoryRecord Record)> ReadAsync(IHub hub, ThreadId thread, long position)
    {
        await CatchUpAsync(hub, thread);
        return _opened[position];
    }

    /// <summary>Starts a thread with one agent of another process.</summary>
    public async Task<ThreadId> CreateThreadAsync(IHub hub, string agent, MemberRole role = MemberRole.Member)
    {
        var found = (await hub.ReadAgentAsync((await hub.ResolveNameAsync(agent, Cancel))!.Value, Cancel))!;
        Assert.True(IdentityLog.TryParse(found.IdentityLog.Span, out var log, out _));
        Assert.True(KeyBundle.TryParse(found.KeyBundle.Span, out var bundle, out _));
        _logs[log.Agent] = log;
        _member?.Dispose();
        var genesis = ThreadMember.Create(new ThreadCreation
        {
            Device = Keys.Device, Log = Log, Policy = ThreadPolicy.Create([]), Members = [new InvitedMember(log, bundle, role)], Time = 0,
        });
        using var member = genesis.Member;
        using var state = new PooledBuffer();
        member.WriteState(state);
        _member = MemberSession.Take(state.WrittenSpan.ToArray(), Keys);
        Assert.True((await hub.CreateThreadAsync(member.ThreadId, MessageId.New(DateTimeOffset.UnixEpoch), genesis.Envelope, Cancel)).IsAccepted);
        return member.ThreadId;
    }

    public void Dispose()
    {
        _member?.Dispose();
        Keys.Dispose();
    }

    private byte[] Seal(MessageId id, FrameHeader header, IReadOnlyList<ReadOnlyMemory<byte>> payloads, ReadOnlyMemory<byte> salt, long? time)
    {
        using var buffer = new PooledBuffer();
        var writer = new PlaintextWriter(buffer);
        foreach (var payload in payloads)
            writer.WriteFrame(header, payload.Span, new FrameExtensions { Salt = salt.Span });
        writer.Finish();
        return _member!.Seal(id, buffer, Id, time ?? s_start.ToUnixTimeMilliseconds()).Bytes;
    }

    private void GoOnFrom(byte[] state)
    {
        _member!.Dispose();
        _member = MemberSession.Take(state, Keys);
    }

    private async Task CatchUpAsync(IHub hub, ThreadId thread)
    {
        var page = await hub.ReadThreadAsync(thread, _member?.Received ?? 0, 256, 1 << 20, Cancel);
        foreach (var stored in page.Envelopes)
        {
            if (stored.Position == 1)
                await JoinAsync(hub, thread, stored);
            else
                Open(stored);
        }
    }

    private async Task JoinAsync(IHub hub, ThreadId thread, StoredEnvelope genesis)
    {
        Assert.True(GenesisInvitation.TryRead(genesis.Envelope.Span, out var invitation, out _));
        foreach (var entry in invitation.Invited.Append(invitation.Creator).Where(entry => entry.Agent != Id))
        {
            var found = await hub.ReadAgentAsync(entry.Agent, Cancel);
            Assert.True(IdentityLog.TryParse(found!.IdentityLog.Span, out var log, out _));
            _logs[entry.Agent] = log;
        }

        Assert.True(MemberSession.TryJoin(thread, genesis, invitation, Keys, this, out _member, out var error), error.ToString());
    }

    private void Open(StoredEnvelope stored)
    {
        var incoming = _member!.Open(stored, this, isFinal: true);
        Assert.True(incoming.Kind is IncomingKind.Opened or IncomingKind.Own, incoming.Reason);
        if (incoming.Record is not { } record)
            return;
        _opened[stored.Position] = (incoming.Digest, record);
        if (OpenedFrame.Read(record) is [var frame])
            _requests[stored.Position] = (incoming.Digest, ApprovalDigest.Compute(frame.View));
    }
}
