using System.Text.Json;
using AgentFlow.Protocol.Buffers;
using AgentFlow.Protocol.Crypto;
using AgentFlow.Protocol.Identity;
using AgentFlow.Protocol.Threads;

namespace AgentFlow.Protocol.Tests.Vectors;

/// <summary>Members, through their public door, make and open the very bytes of the second implementation.</summary>
public sealed class MemberVectorTests
{
    private static readonly JsonElement s_vector = Af1Vectors.Root.GetProperty("thread");
    private static readonly List<JsonElement> s_envelopes = [.. s_vector.GetProperty("envelopes").EnumerateArray().Take(7)];

    [Fact]
    public void The_creator_makes_the_same_thread_and_seals_the_same_envelopes()
    {
        using var world = new World();
        var genesis = world.Create();
        Assert.Equal(s_envelopes[0].Hex("envelope"), genesis.Envelope.ToArray());
        using var creator = genesis.Member;
        using var plaintext = new PooledBuffer();
        foreach (var envelope in s_envelopes.Skip(1))
        {
            bool isOwn = envelope.Int("leaf") == 0;
            if (isOwn)
                Assert.Equal(envelope.Hex("envelope"), world.Seal(creator, envelope));
            var result = creator.Open(envelope.Long("position"), envelope.Hex("envelope"), isExpired: false, plaintext, world.Checks);
            Assert.Equal(isOwn ? OpenOutcome.Own : OpenOutcome.Opened, result.Outcome);
            Assert.Equal(envelope.Hash("T"), creator.Thread.ThreadHash);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_joiner_opens_every_envelope_of_the_others(int leaf)
    {
        using var world = new World();
        using var member = world.Join(leaf);
        using var plaintext = new PooledBuffer();
        int opened = 0;
        foreach (var envelope in s_envelopes.Skip(1))
        {
            bool isOwn = envelope.Int("leaf") == leaf;
            if (isOwn && envelope.Int("generation") != (int)member.Thread.GenerationOf((uint)leaf) + 1)
                return;
            if (isOwn)
                Assert.Equal(envelope.Hex("envelope"), world.Seal(member, envelope));
            var result = member.Open(envelope.Long("position"), envelope.Hex("envelope"), isExpired: false, plaintext, world.Checks);
            Assert.Equal((isOwn ? OpenOutcome.Own : OpenOutcome.Opened, ProtocolError.None), (result.Outcome, result.Error));
            if (isOwn)
                continue;
            Assert.Equal(envelope.Hex("plaintext"), plaintext.WrittenSpan.ToArray());
            Assert.Equal(envelope.Hash("kc"), result.CommitmentKey);
            opened++;
        }

        Assert.True(opened > 3);
    }

    private sealed class World : IDisposable, IIdentitySource, IThreadHashes
    {
        private readonly List<JsonElement> _actors = [.. s_vector.GetProperty("actors").EnumerateArray()];
        private readonly List<IdentityLog> _logs = [];
        private readonly List<SigningKey> _devices = [];
        private readonly Draws _draws = new();

        public World()
        {
            Checks = new ThreadChecks { Identities = this, Hashes = this };
            foreach (var actor in _actors)
            {
                Assert.True(IdentityLog.TryParse(actor.Hex("log"), out var log, out _));
                _logs.Add(log);
                _devices.Add(SigningKey.FromSeed(actor.Hex("deviceSeed")));
            }
        }

        public ThreadChecks Checks { get; }

        public ThreadGenesis Create()
        {
            var sample = s_envelopes[0];
            Assert.True(ThreadPolicy.TryParse(sample.Hex("policyAfter"), out var policy, out _));
            _draws.Add(s_vector.Hex("creatorLeafPrivate"), s_vector.Hex("random"), sample.Hex("epochSecret"));
            foreach (var wrap in sample.GetProperty("wraps").EnumerateArray())
                _draws.Add(wrap.Hex("ephemeralPrivate"));
            var creation = new ThreadCreation
            {
                Device = _devices[0],
                Log = _logs[0],
                Policy = policy,
                Members = [.. Enumerable.Range(1, 2).Select(i => new InvitedMember(_logs[i], Bundle(i), Added(i).Role))],
                Time = sample.Long("time"),
            };
            return ThreadMember.Create(creation, _draws);
        }

        public ThreadMember Join(int leaf)
        {
            using var prekey = AgreementKey.FromSeed(_actors[leaf].Hex("spkPrivate"));
            Assert.True(ThreadMember.TryJoin(
                s_envelopes[0].Hex("envelope"), new ThreadId(s_vector.Hash("threadId")), _logs[0].Agent,
                _devices[leaf].PublicKey, [prekey], Checks, out var member, out var error),
                error.ToString());
            Assert.False(member.IsLocked);
            using var state = new PooledBuffer();
            member.WriteState(state);
            member.Dispose();
            Assert.True(ThreadMember.TryReadState(state.WrittenSpan, _draws, out member));
            return member;
        }

        public byte[] Seal(ThreadMember member, JsonElement sample)
        {
            _draws.Add(sample.Hex("nonce"));
            using var buffer = new PooledBuffer();
            buffer.SetLength(192);
            byte[] plaintext = sample.Hex("plaintext");
            plaintext.CopyTo(buffer.GetSpan(plaintext.Length));
            buffer.Advance(plaintext.Length);
            bool isBatch = (sample.Int("flags") & 4) != 0;
            var made = member.Seal(buffer, _devices[sample.Int("leaf")], new SealOptions(sample.Long("time"), isBatch));
            Assert.Equal(sample.Hash("E"), made.Digest);
            if (isBatch)
            {
                var batch = Protocol.Envelopes.BatchSignature.Create(_devices[sample.Int("leaf")], [made.Digest]);
                batch.WriteTrailer(0, buffer.GetSpan(batch.TrailerSize)[..batch.TrailerSize]);
                buffer.Advance(batch.TrailerSize);
            }

            return buffer.WrittenSpan.ToArray();
        }

        public IdentityLog? Find(AgentId agent) => _logs.Find(log => log.Agent == agent);

        public bool TryFind(ThreadId thread, long position, out Bytes32 hash)
        {
            hash = s_envelopes[(int)position - 1].Hash("T");
            return true;
        }

        public void Dispose() => _devices.ForEach(device => device.Dispose());

        private AddLeaf AddChange(int leaf)
        {
            Assert.True(Protocol.Envelopes.EnvelopeView.TryRead(s_envelopes[0].Hex("envelope"), out var view, out _));
            Assert.True(Commit.TryParse(view.Body, isGenesis: true, hasWraps: true, out var commit, out _));
            return (AddLeaf)commit.Changes[leaf - 1];
        }

        private RosterEntry Added(int leaf) => AddChange(leaf).Entry;

        private KeyBundle Bundle(int leaf)
        {
            var (add, entry) = (AddChange(leaf), Added(leaf));
            byte[] bytes = new byte[KeyBundle.Size];
            KeyBundle.WriteSigned(
                bytes, entry.Agent, entry.LogSeq, entry.LogHead, entry.Device, add.PrekeyId, entry.LeafKey, add.Created, add.NotAfter, add.Suites);
            add.Signature.CopyTo(bytes, KeyBundle.SignedSize);
            Assert.True(KeyBundle.TryParse(bytes, out var bundle, out _));
            return bundle;
        }
    }

    /// <summary>Gives the values that were drawn when the vectors were made, in the order in which the code asks.</summary>
    private sealed class Draws : IRandomSource
    {
        private readonly Queue<byte[]> _values = new();

        public void Add(params byte[][] values)
        {
            foreach (byte[] value in values)
                _values.Enqueue(value);
        }

        public void Fill(Span<byte> bytes)
        {
            byte[] value = _values.Dequeue();
            Assert.Equal(value.Length, bytes.Length);
            value.CopyTo(bytes);
        }
    }
}
