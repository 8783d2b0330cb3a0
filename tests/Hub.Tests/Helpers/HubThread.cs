using System.Text;
using AgentFlow.Protocol.Buffers;
using AgentFlow.Protocol.Frames;
using AgentFlow.Protocol.Hub;
using AgentFlow.Protocol.Identity;
using AgentFlow.Protocol.Threads;

namespace AgentFlow.Hub.Tests.Helpers;

/// <summary>A thread of two devices as its members see it.</summary>
internal sealed class HubThread : IDisposable, IIdentitySource, IThreadHashes
{
    private readonly HubActor _alice;
    private readonly HubActor _bob;

    public HubThread(HubActor alice, HubActor bob)
    {
        (_alice, _bob) = (alice, bob);
        var genesis = ThreadMember.Create(new ThreadCreation
        {
            Device = alice.Device,
            Log = alice.Log,
            Policy = ThreadPolicy.Create([]),
            Members = [new InvitedMember(bob.Log, bob.Bundle, MemberRole.Member)],
            Time = HubActor.Now,
        });
        Genesis = genesis.Envelope;
        A = genesis.Member;
        Checks = new ThreadChecks { Identities = this, Hashes = this };
        Assert.True(ThreadMember.TryJoin(Genesis.Span, Id, alice.Agent, bob.Device.PublicKey, [bob.Prekey], Checks, out var member, out var error), error.ToString());
        B = member;
    }

    public ReadOnlyMemory<byte> Genesis { get; }

    public ThreadMember A { get; }

    public ThreadMember B { get; }

    public ThreadChecks Checks { get; }

    public ThreadId Id => A.ThreadId;

    public byte[] Seal(ThreadMember member, string text)
    {
        using var buffer = new PooledBuffer();
        var writer = new PlaintextWriter(buffer);
        writer.WriteFrame(new FrameHeader { Contract = ContractIds.Of("test.text"), Major = 1, Codec = FrameCodec.Raw, SchemaHash = default }, Encoding.UTF8.GetBytes(text));
        writer.Finish();
        member.Seal(buffer, (member == A ? _alice : _bob).Device, new SealOptions(HubActor.Now));
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Opens what the hub delivered; the text of the own ones is empty.</summary>
    public string Open(ThreadMember member, StoredEnvelope envelope)
    {
        using var plaintext = new PooledBuffer();
        var result = member.Open(envelope.Position, envelope.Envelope.Span, isExpired: false, plaintext, Checks, OpenMode.First);
        Assert.True(result.HasAdvanced, $"{result.Outcome} {result.Error}");
        if (result.Outcome != OpenOutcome.Opened)
            return "";
        Assert.True(PlaintextReader.TryParse(plaintext.WrittenSpan, isHeartbeat: false, isMultiFrame: false, out var reader, out _));
        Assert.True(reader.TryRead(out var frame));
        return Encoding.UTF8.GetString(frame.Payload);
    }

    public IdentityLog? Find(AgentId agent) => agent == _alice.Agent ? _alice.Log : agent == _bob.Agent ? _bob.Log : null;

    bool IThreadHashes.TryFind(ThreadId thread, long position, out Bytes32 hash)
    {
        hash = default;
        return false;
    }

    public void Dispose()
    {
        A.Dispose();
        B.Dispose();
    }
}
