using AgentFlow.Protocol.Buffers;
using AgentFlow.Protocol.Envelopes;
using AgentFlow.Protocol.Frames;
using AgentFlow.Protocol.Identity;
using AgentFlow.Protocol.Threads;

namespace AgentFlow.Protocol.Tests.Threads;

/// <summary>A thread of three devices (leaf 0 creator and admin, leaf 1 member, leaf 2 read-only) and a hub's view of it.</summary>
public sealed class TestThread : IDisposable
{
    private readonly Logs _logs = new();

    public TestThread()
    {
        Checks = new ThreadChecks { Identities = _logs, Hashes = Hashes };
        foreach (var actor in new[] { Alice, Bob, Carol })
            _logs.Add(actor.Log);
        Genesis = ThreadMember.Create(new ThreadCreation
        {
            Device = Alice.Device,
            Log = Alice.Log,
            Policy = ThreadPolicy.Create([]),
            Members = [new InvitedMember(Bob.Log, Bob.Bundle, MemberRole.Member), new InvitedMember(Carol.Log, Carol.Bundle, MemberRole.ReadOnly)],
            Time = TestActor.Now,
        });
        A = Genesis.Member;
        B = Join(Bob);
        C = Join(Carol);
        Assert.True(PublicThread.TryStart(Genesis.Envelope.Span, Checks, out var hub, out _));
        Hub = hub;
        Hashes.Add(1, hub.ThreadHash);
    }

    public TestActor Alice { get; } = new("alice");

    public TestActor Bob { get; } = new("bob");

    public TestActor Carol { get; } = new("carol");

    public ThreadGenesis Genesis { get; }

    public ThreadMember A { get; }

    public ThreadMember B { get; set; }

    public ThreadMember C { get; }

    public PublicThread Hub { get; }

    public ThreadChecks Checks { get; }

    public HashList Hashes { get; } = new();

    public ThreadMember Join(TestActor actor)
    {
        bool isJoined = ThreadMember.TryJoin(
            Genesis.Envelope.Span, A.ThreadId, Alice.Agent, actor.Device.PublicKey, [actor.Prekey], Checks, out var member, out var error);
        Assert.True(isJoined, error.ToString());
        return member!;
    }

    /// <summary>Seals one frame of a text, or a heartbeat for null.</summary>
    public byte[] Seal(ThreadMember member, string? text, bool isBatch = false)
    {
        using var buffer = WritePlaintext(text is null ? [] : [text]);
        member.Seal(buffer, Owner(member).Device, new SealOptions(TestActor.Now, isBatch));
        return buffer.WrittenSpan.ToArray();
    }

    public TestActor Owner(ThreadMember member) => member.Leaf switch { 0 => Alice, 1 => Bob, _ => Carol };

    /// <summary>The hub takes an envelope, which must be valid.</summary>
    public long Append(ReadOnlySpan<byte> envelope)
    {
        Assert.True(Hub.TryCheck(envelope, Checks, out var accepted, out var error), error.ToString());
        Hub.Accept(accepted);
        Hashes.Add(Hub.Position, Hub.ThreadHash);
        return Hub.Position;
    }

    public ProtocolError HubRefusal(ReadOnlySpan<byte> envelope)
    {
        Assert.False(Hub.TryCheck(envelope, Checks, out _, out var error));
        return error;
    }

    public OpenResult Open(ThreadMember member, ReadOnlySpan<byte> envelope, OpenMode mode = OpenMode.First) => Open(member, envelope, out _, mode);

    public OpenResult Open(ThreadMember member, ReadOnlySpan<byte> envelope, out string text, OpenMode mode = OpenMode.First)
    {
        using var plaintext = new PooledBuffer();
        var result = member.Open(member.Thread.Position + 1, envelope, isExpired: false, plaintext, Checks, mode);
        text = "";
        if (result.Outcome == OpenOutcome.Opened)
        {
            Assert.True(PlaintextReader.TryParse(
                plaintext.WrittenSpan, result.Envelope.Kind == EnvelopeKind.Heartbeat, plaintext.WrittenSpan[0] > 1, out var reader, out _));
            while (reader.TryRead(out var frame))
                text += System.Text.Encoding.UTF8.GetString(frame.Payload);
        }

        return result;
    }

    public static PooledBuffer WritePlaintext(params string[] frames)
    {
        var buffer = new PooledBuffer();
        var writer = new PlaintextWriter(buffer);
        var header = new FrameHeader { Contract = ContractIds.Of("test.text"), Major = 1, Codec = FrameCodec.Raw, SchemaHash = default };
        foreach (string text in frames)
            writer.WriteFrame(header, System.Text.Encoding.UTF8.GetBytes(text));
        writer.Finish();
        return buffer;
    }

    public static byte[] StateOf(ThreadMember member)
    {
        using var buffer = new PooledBuffer();
        member.WriteState(buffer);
        return buffer.WrittenSpan.ToArray();
    }

    public static ThreadMember Restore(byte[] state)
    {
        Assert.True(ThreadMember.TryReadState(state, out var member));
        return member;
    }

    public void Dispose()
    {
        A.Dispose();
        B.Dispose();
        C.Dispose();
        Alice.Dispose();
        Bob.Dispose();
        Carol.Dispose();
    }

    public sealed class Logs : IIdentitySource
    {
        private readonly Dictionary<AgentId, IdentityLog> _logs = [];

        public void Add(IdentityLog log) => _logs[log.Agent] = log;

        public IdentityLog? Find(AgentId agent) => _logs.GetValueOrDefault(agent);
    }

    public sealed class HashList : IThreadHashes
    {
        private readonly Dictionary<long, Bytes32> _hashes = [];

        public void Add(long position, Bytes32 hash) => _hashes[position] = hash;

        public bool TryFind(ThreadId thread, long position, out Bytes32 hash) => _hashes.TryGetValue(position, out hash);
    }
}
