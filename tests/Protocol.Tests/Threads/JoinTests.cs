using AgentFlow.Protocol.Identity;
using AgentFlow.Protocol.Threads;

namespace AgentFlow.Protocol.Tests.Threads;

public sealed class JoinTests : IDisposable
{
    private readonly TestThread _thread = new();

    public void Dispose() => _thread.Dispose();

    [Fact]
    public void A_thread_other_than_the_invited_one_is_not_joined()
    {
        using var other = new TestThread();
        Assert.Equal(ProtocolError.Genesis, Refusal(other.A.ThreadId, _thread.Alice.Agent, _thread.Bob, _thread.Checks));
    }

    [Fact]
    public void The_leaf_key_is_not_kept_once_the_thread_is_open()
    {
        Span<byte> prekey = stackalloc byte[32];
        _thread.Bob.Prekey.ExportSeed(prekey);
        Assert.Equal(-1, TestThread.StateOf(_thread.B).AsSpan().IndexOf(prekey));
        foreach (var member in new[] { _thread.A, _thread.B, _thread.C })
            Assert.False(TestThread.StateOf(member).AsSpan(56, 32).ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void A_thread_of_another_creator_than_the_inviter_is_not_joined()
    {
        Assert.Equal(ProtocolError.Genesis, Refusal(_thread.A.ThreadId, _thread.Carol.Agent, _thread.Bob, _thread.Checks));
    }

    [Fact]
    public void A_device_that_is_not_in_the_roster_does_not_join()
    {
        using var stranger = new TestActor("mallory");
        Assert.Equal(ProtocolError.UnknownLeaf, Refusal(_thread.A.ThreadId, _thread.Alice.Agent, stranger, _thread.Checks));
    }

    [Fact]
    public void Without_the_log_of_a_member_the_joiner_waits()
    {
        var logs = new TestThread.Logs();
        logs.Add(_thread.Alice.Log);
        logs.Add(_thread.Bob.Log);
        Assert.Equal(ProtocolError.MissingLog, Refusal(_thread.A.ThreadId, _thread.Alice.Agent, _thread.Bob, ChecksOf(logs)));
    }

    [Fact]
    public void A_log_that_does_not_hold_the_named_head_is_refused()
    {
        var logs = new TestThread.Logs();
        logs.Add(_thread.Alice.Log);
        logs.Add(_thread.Bob.Log);
        var carol = _thread.Carol;
        Assert.True(IdentityLog.TryParse(carol.Log.Bytes.Span[..(52 + 97 + 5 + 64)], out var genesis, out _));
        logs.Add(IdentityLogWriter.AddKey(genesis, carol.Device, KeyUsage.MessageDevice, 5, carol.Root, 1));
        Assert.Equal(ProtocolError.LogHead, Refusal(_thread.A.ThreadId, _thread.Alice.Agent, _thread.Bob, ChecksOf(logs)));
    }

    [Fact]
    public void A_device_that_was_revoked_later_stays_valid_at_the_head_that_was_named()
    {
        var logs = new TestThread.Logs();
        foreach (var actor in new[] { _thread.Alice, _thread.Bob, _thread.Carol })
            logs.Add(IdentityLogWriter.RevokeKey(actor.Log, actor.Device.PublicKey, 0, 0, actor.Root, TestActor.Now));
        bool isJoined = ThreadMember.TryJoin(
            _thread.Genesis.Envelope.Span, _thread.A.ThreadId, _thread.Alice.Agent, _thread.Bob.Device.PublicKey,
            [_thread.Bob.Prekey], ChecksOf(logs), out var member, out _);
        Assert.True(isJoined);
        member!.Dispose();
    }

    [Fact]
    public void A_thread_with_an_expired_bundle_is_not_created()
    {
        var error = Assert.Throws<InvalidOperationException>(() => ThreadMember.Create(Creation(MemberRole.Member, TestActor.Now + (2 * TestActor.Day))));
        Assert.Contains("expired", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MemberRole.None)]
    [InlineData(MemberRole.Admin)]
    [InlineData(MemberRole.Member | MemberRole.ReadOnly)]
    [InlineData((MemberRole)16)]
    public void A_thread_with_a_role_that_is_none_is_not_created(MemberRole role)
    {
        Assert.Throws<InvalidOperationException>(() => ThreadMember.Create(Creation(role, TestActor.Now)));
    }

    [Fact]
    public void A_device_is_not_put_into_a_thread_twice()
    {
        var creation = Creation(MemberRole.Member, TestActor.Now);
        var twice = new ThreadCreation
        {
            Device = creation.Device, Log = creation.Log, Policy = creation.Policy, Time = creation.Time, Members = [creation.Members[0], creation.Members[0]],
        };
        Assert.Throws<InvalidOperationException>(() => ThreadMember.Create(twice));
    }

    [Fact]
    public void A_thread_of_one_device_works_alone()
    {
        var creation = new ThreadCreation
        {
            Device = _thread.Alice.Device, Log = _thread.Alice.Log, Policy = ThreadPolicy.Create([]), Members = [], Time = TestActor.Now,
        };
        using var member = ThreadMember.Create(creation).Member;
        byte[] note = _thread.Seal(member, "to myself");
        Assert.Equal(OpenOutcome.Own, _thread.Open(member, note).Outcome);
    }

    private static ThreadChecks ChecksOf(IIdentitySource logs) => new() { Identities = logs, Hashes = new TestThread.HashList() };

    private ThreadCreation Creation(MemberRole role, long time) => new()
    {
        Device = _thread.Alice.Device,
        Log = _thread.Alice.Log,
        Policy = ThreadPolicy.Create([]),
        Members = [new InvitedMember(_thread.Bob.Log, _thread.Bob.Bundle, role)],
        Time = time,
    };

    private ProtocolError Refusal(ThreadId thread, AgentId inviter, TestActor actor, ThreadChecks checks)
    {
        Assert.False(
            ThreadMember.TryJoin(_thread.Genesis.Envelope.Span, thread, inviter, actor.Device.PublicKey, [actor.Prekey], checks, out _, out var error));
        return error;
    }
}
