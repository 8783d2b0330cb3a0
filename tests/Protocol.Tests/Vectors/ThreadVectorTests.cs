using System.Text.Json;
using AgentFlow.Protocol.Envelopes;
using AgentFlow.Protocol.Identity;
using AgentFlow.Protocol.Threads;

namespace AgentFlow.Protocol.Tests.Vectors;

public sealed class ThreadVectorTests
{
    [Theory]
    [InlineData("thread", 7)]
    [InlineData("approval", 5)]
    public void A_thread_is_followed_position_by_position(string section, int positions)
    {
        var vector = Af1Vectors.Root.GetProperty(section);
        var envelopes = vector.GetProperty("envelopes").EnumerateArray().Take(positions).ToList();
        var checks = Checks(vector.GetProperty("actors"));
        Assert.True(PublicThread.TryStart(envelopes[0].Hex("envelope"), checks, out var thread, out var error), $"{error}");
        Assert.Equal(vector.Hash("threadId"), thread.ThreadId.Value);
        Assert.Equal(envelopes[0].Hash("ctxAfter"), thread.Epoch.Context);
        Assert.Equal(envelopes[0].Hash("rosterHash"), thread.Epoch.Roster.Hash);
        foreach (var envelope in envelopes.Skip(1))
            Accept(thread, envelope.Hex("envelope"), checks);
        Assert.Equal(envelopes[^1].Hash("T"), thread.ThreadHash);
    }

    [Fact]
    public void Every_kind_of_change_makes_the_same_epochs()
    {
        var vector = Af1Vectors.Root.GetProperty("thread");
        var identities = Identities(vector.GetProperty("laterActors"), vector.GetProperty("actors"));
        ThreadEpoch? epoch = null;
        foreach (var sample in vector.GetProperty("envelopes").EnumerateArray().Where(e => e.Int("kind") == 2))
        {
            byte[] bytes = sample.Hex("envelope");
            Assert.True(EnvelopeView.TryRead(bytes, out var envelope, out var error));
            if (epoch is null)
                Assert.True(GenesisReader.TryReadStart(envelope.Header, envelope.Body, identities, out epoch, out error), $"{error}");
            Assert.Equal(sample.Hash("ctx"), epoch.Context);
            Assert.True(Commit.TryParse(envelope.Body, epoch.Number == 0, hasWraps: true, out var commit, out error), $"{error}");
            Assert.Equal(sample.Hex("committed").Length, commit.CommittedLength);
            Assert.Equal(sample.Hash("C"), CommitWriter.Commitment(envelope.Header.Bytes, envelope.Body[..commit.CommittedLength]));
            Assert.True(CommitValidator.TryApply(epoch, envelope.Header.Leaf, commit, identities, hasWraps: true, out epoch, out error), $"{error}");
            Assert.Equal(sample.Hash("ctxAfter"), epoch.Context);
            Assert.Equal(sample.Hash("rosterHash"), epoch.Roster.Hash);
            Assert.Equal(sample.Hash("policyHash"), epoch.Policy.Hash);
            AssertSecretsAgree(sample, commit, epoch);
        }

        Assert.Equal(3ul, epoch!.Number);
    }

    [Fact]
    public void A_second_commit_is_refused_as_a_whole()
    {
        var vector = Af1Vectors.Root.GetProperty("thread");
        var envelopes = vector.GetProperty("envelopes").EnumerateArray().Select(e => e.Hex("envelope")).ToList();
        var checks = new ThreadChecks { Identities = Identities(vector.GetProperty("laterActors"), vector.GetProperty("actors")), Hashes = new NoHashes() };
        Assert.True(PublicThread.TryStart(envelopes[0], checks, out var thread, out _));
        foreach (byte[] envelope in envelopes[1..7])
            Accept(thread, envelope, checks);
        Assert.False(thread.TryCheck(envelopes[7], checks, out _, out var error));
        Assert.Equal(ProtocolError.MembershipChangeUnsupported, error);
    }

    [Fact]
    public void What_may_stand_next_is_accepted_and_what_may_not_is_refused()
    {
        var vector = Af1Vectors.Root.GetProperty("refusals");
        var checks = Checks(vector.GetProperty("actors"));
        var before = vector.GetProperty("before").EnumerateArray().Select(e => Convert.FromHexString(e.GetString()!)).ToList();
        Assert.True(PublicThread.TryStart(before[0], checks, out var thread, out _));
        foreach (byte[] envelope in before.Skip(1))
            Accept(thread, envelope, checks);
        foreach (string list in (string[])["accepted", "rejected"])
        {
            foreach (var sample in vector.GetProperty(list).EnumerateArray())
                Assert.True(thread.TryCheck(sample.Hex("envelope"), checks, out _, out _), sample.Text("name"));
        }

        foreach (var sample in vector.GetProperty("refused").EnumerateArray())
        {
            Assert.False(thread.TryCheck(sample.Hex("envelope"), checks, out _, out var error), sample.Text("name"));
            Assert.NotEqual(ProtocolError.None, error);
        }

        var next = vector.GetProperty("accepted")[0].Hex("envelope");
        Accept(thread, next, checks);
        Assert.False(thread.TryCheck(next, checks, out _, out _));
    }

    [Fact]
    public void A_genesis_that_breaks_a_rule_starts_no_thread()
    {
        var vector = Af1Vectors.Root.GetProperty("genesisRefusals");
        var checks = Checks(vector.GetProperty("logs"));
        Assert.True(PublicThread.TryStart(vector.GetProperty("accepted").Hex("envelope"), checks, out _, out var error), $"{error}");
        foreach (var sample in vector.GetProperty("refused").EnumerateArray())
            Assert.False(PublicThread.TryStart(sample.Hex("envelope"), checks, out _, out _), sample.Text("name"));
    }

    [Fact]
    public void A_genesis_with_any_bit_changed_or_any_end_cut_starts_no_thread()
    {
        var vector = Af1Vectors.Root.GetProperty("genesisRefusals");
        var checks = Checks(vector.GetProperty("logs"));
        byte[] good = vector.GetProperty("accepted").Hex("envelope");
        for (int i = 0; i < good.Length; i++)
        {
            byte[] changed = [.. good];
            changed[i] ^= (byte)(1 << (i % 8));
            Assert.False(PublicThread.TryStart(changed, checks, out _, out _), $"byte {i}");
            Assert.False(PublicThread.TryStart(good.AsSpan(0, i), checks, out _, out _), $"length {i}");
        }
    }

    private static void AssertSecretsAgree(JsonElement sample, Commit commit, ThreadEpoch epoch)
    {
        byte[] secret = sample.Hex("epochSecret"), opened = new byte[32], chains = new byte[32 * epoch.Roster.Count];
        Assert.Equal(sample.Hash("confirm"), EpochSecret.Confirm(epoch, secret));
        EpochSecret.DeriveChains(epoch, secret, chains);
        Assert.Equal([.. sample.GetProperty("chainKeys").EnumerateArray().SelectMany(key => key.Hex("chainKey"))], chains);
        var vector = Af1Vectors.Root.GetProperty("thread");
        foreach (var actor in vector.GetProperty("actors").EnumerateArray().Concat(vector.GetProperty("laterActors").EnumerateArray()))
        {
            bool isMember = epoch.Roster.TryFindDevice(actor.Hash("devicePk"), out var slot);
            if (!isMember || slot.Leaf == sample.Int("leaf") || slot.Entry.LeafKey != actor.Hash("spk"))
                continue;
            Assert.True(EpochSecret.TryUnwrap(epoch, commit, slot.Leaf, actor.Hex("spkPrivate"), slot.Entry.LeafKey, opened));
            Assert.Equal(secret, opened);
        }
    }

    private static void Accept(PublicThread thread, byte[] envelope, ThreadChecks checks)
    {
        Assert.True(thread.TryCheck(envelope, checks, out var accepted, out var error), $"position {thread.Position + 1}: {error}");
        thread.Accept(accepted);
    }

    private static ThreadChecks Checks(JsonElement actors) => new() { Identities = Identities(actors), Hashes = new NoHashes() };

    /// <summary>The longest log of each agent.</summary>
    private static Logs Identities(params JsonElement[] lists)
    {
        var logs = new Dictionary<AgentId, IdentityLog>();
        foreach (var actor in lists.SelectMany(list => list.EnumerateArray()))
        {
            Assert.True(IdentityLog.TryParse(actor.Hex("log"), out var log, out _));
            if (!logs.TryGetValue(log.Agent, out var known) || log.Extends(known))
                logs[log.Agent] = log;
        }

        return new Logs(logs);
    }

    private sealed class Logs(Dictionary<AgentId, IdentityLog> logs) : IIdentitySource
    {
        public IdentityLog? Find(AgentId agent) => logs.GetValueOrDefault(agent);
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
