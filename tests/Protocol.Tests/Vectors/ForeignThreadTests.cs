using System.Text.Json;
using AgentFlow.Protocol.Buffers;
using AgentFlow.Protocol.Crypto;
using AgentFlow.Protocol.Envelopes;
using AgentFlow.Protocol.Identity;
using AgentFlow.Protocol.Threads;

namespace AgentFlow.Protocol.Tests.Vectors;

public sealed class ForeignThreadTests
{
    [Fact]
    public void A_member_opens_what_the_second_implementation_sealed()
    {
        var vector = Af1Vectors.Root.GetProperty("approval");
        var envelopes = vector.GetProperty("envelopes").EnumerateArray().ToList();
        using var member = Join(vector, vector.GetProperty("actors")[3], envelopes[0].Hex("envelope"), out var checks);
        using var plaintext = new PooledBuffer();
        foreach (var sample in envelopes.Skip(1))
        {
            var result = member.Open(sample.Long("position"), sample.Hex("envelope"), isExpired: false, plaintext, checks);
            Assert.Equal((OpenOutcome.Opened, ProtocolError.None), (result.Outcome, result.Error));
            Assert.Equal(sample.Hex("plaintext"), plaintext.WrittenSpan.ToArray());
            Assert.Equal(sample.Hash("kc"), result.CommitmentKey);
            Assert.Equal(sample.Hash("ctx"), result.Context);
            Assert.Equal(sample.Hash("T"), member.Thread.ThreadHash);
        }
    }

    [Fact]
    public void A_body_that_does_not_open_is_fetched_again_and_then_rejected_without_a_wedge()
    {
        var vector = Af1Vectors.Root.GetProperty("refusals");
        var before = vector.GetProperty("before").EnumerateArray().Select(e => Convert.FromHexString(e.GetString()!)).ToList();
        foreach (var sample in vector.GetProperty("rejected").EnumerateArray())
        {
            using var member = Join(vector, vector.GetProperty("actors")[2], before[0], out var checks);
            using var plaintext = new PooledBuffer();
            for (int position = 2; position <= before.Count; position++)
                Assert.Equal(OpenOutcome.Opened, member.Open(position, before[position - 1], isExpired: false, plaintext, checks).Outcome);
            int next = before.Count + 1;
            var damaged = member.Open(next, sample.Hex("envelope"), isExpired: false, plaintext, checks);
            Assert.Equal(OpenOutcome.Damaged, damaged.Outcome);
            Assert.Equal((0, next - 1L), (plaintext.Length, member.Thread.Position));
            var rejected = member.Open(next, sample.Hex("envelope"), isExpired: false, plaintext, checks, OpenMode.Final);
            Assert.Equal(OpenOutcome.Rejected, rejected.Outcome);
            Assert.Equal((32, (long)next), (plaintext.Length, member.Thread.Position));
            Assert.True(rejected.CommitmentKey.IsZero, sample.Text("name"));
        }
    }

    [Fact]
    public void An_expired_body_and_a_skipped_generation_leave_the_chain_right()
    {
        var vector = Af1Vectors.Root.GetProperty("refusals");
        var before = vector.GetProperty("before").EnumerateArray().Select(e => Convert.FromHexString(e.GetString()!)).ToList();
        using var member = Join(vector, vector.GetProperty("actors")[2], before[0], out var checks);
        using var plaintext = new PooledBuffer();
        for (int position = 2; position <= before.Count; position++)
        {
            byte[] bytes = before[position - 1];
            byte[] headerAndTrailer = [.. bytes.AsSpan(0, EnvelopeHeader.Size), .. bytes.AsSpan(bytes.Length - 64)];
            Assert.Equal(OpenOutcome.Expired, member.Open(position, headerAndTrailer, isExpired: true, plaintext, checks).Outcome);
        }

        var far = vector.GetProperty("accepted").EnumerateArray().Single(e => e.Text("name") == "a gap of 1024 generations");
        Assert.Equal(OpenOutcome.Opened, member.Open(before.Count + 1, far.Hex("envelope"), isExpired: false, plaintext, checks).Outcome);
    }

    private static ThreadMember Join(JsonElement vector, JsonElement actor, byte[] genesis, out ThreadChecks checks)
    {
        var logs = vector.GetProperty("actors").EnumerateArray().Select(a => IdentityLog.TryParse(a.Hex("log"), out var log, out _) ? log : throw new InvalidOperationException()).ToList();
        checks = new ThreadChecks { Identities = new Logs(logs), Hashes = new NoHashes() };
        using var device = SigningKey.FromSeed(actor.Hex("deviceSeed"));
        using var prekey = AgreementKey.FromSeed(actor.Hex("spkPrivate"));
        Assert.True(
            ThreadMember.TryJoin(genesis, new ThreadId(vector.Hash("threadId")), logs[0].Agent, device.PublicKey, [prekey], checks, out var member, out var error), $"{error}");
        Assert.False(member.IsLocked);
        return member;
    }

    private sealed class Logs(List<IdentityLog> logs) : IIdentitySource
    {
        public IdentityLog? Find(AgentId agent) => logs.Find(log => log.Agent == agent);
    }

    private sealed class NoHashes : IThreadHashes
    {
        public bool TryFind(ThreadId thread, long position, out Bytes32 hash)
        {
            hash = default;
            return false;
        }
    }
}
