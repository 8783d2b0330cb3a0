using System.Diagnostics;
using AgentFlow.Protocol.Approvals;
using AgentFlow.Protocol.Buffers;
using AgentFlow.Protocol.Crypto;
using AgentFlow.Protocol.Envelopes;
using AgentFlow.Protocol.Frames;
using AgentFlow.Protocol.Identity;
using AgentFlow.Protocol.Proofs;
using AgentFlow.Protocol.Tests.Threads;
using AgentFlow.Protocol.Tests.Vectors;
using AgentFlow.Protocol.Threads;

namespace AgentFlow.Protocol.Tests.Proofs;

/// <summary>A thread from its genesis to the receipt: sealed and opened for real, counted by the agent that acts, proven to an auditor.</summary>
public sealed class WholeThreadTests : IDisposable
{
    private static readonly ContractId s_contract = ContractIds.Of("release.deploy");
    private static readonly Bytes32 s_schema = SchemaHash.Of("message Deploy {}");
    private readonly TestActor _build = new("build"), _deploy = new("deploy"), _ada = new("ada"), _ben = new("ben");
    private readonly SigningKey _adasKey = SigningKey.Generate(), _bensKey = SigningKey.Generate();
    private readonly TestThread.Logs _logs = new();
    private readonly TestThread.HashList _hashes = new();
    private readonly List<Bytes32> _envelopes = [];
    private ThreadMember? _member, _executor;
    private ReadOnlyMemory<byte> _genesis;
    private Bytes32 _start;

    public WholeThreadTests()
    {
        _ada.Log = IdentityLogWriter.AddKey(_ada.Log, _adasKey, KeyUsage.Approve, 0, _ada.Root, TestActor.Now);
        _ben.Log = IdentityLogWriter.AddKey(_ben.Log, _bensKey, KeyUsage.Approve, 0, _ben.Root, TestActor.Now);
    }

    private ThreadChecks Checks => new() { Identities = _logs, Hashes = _hashes };

    private void Start(int quorum = 2)
    {
        foreach (var actor in (TestActor[])[_build, _deploy, _ada, _ben])
            _logs.Add(actor.Log);
        var rule = new PolicyRule(s_contract, 1, 1, (byte)quorum, denyEnds: true, 7200, [_ada.Agent, _ben.Agent]);
        var genesis = ThreadMember.Create(new ThreadCreation
        {
            Device = _build.Device,
            Log = _build.Log,
            Policy = ThreadPolicy.Create([rule]),
            Members = [new InvitedMember(_deploy.Log, _deploy.Bundle, MemberRole.Member), new InvitedMember(_ada.Log, _ada.Bundle, MemberRole.Member)],
            Time = TestActor.Now,
        });
        _genesis = genesis.Envelope;
        _member = genesis.Member;
        bool isJoined = ThreadMember.TryJoin(
            _genesis.Span, _member.ThreadId, _build.Agent, _deploy.Device.PublicKey, [_deploy.Prekey], Checks, out _executor, out var error);
        Assert.True(isJoined, error.ToString());
        _start = _member.Thread.StartContext;
        _envelopes.Add(genesis.Digest);
        _hashes.Add(1, _executor!.Thread.ThreadHash);
    }

    private (byte[] Envelope, OpenResult Opened, byte[] Plaintext) Say(FrameHeader header, byte[] payload, FrameExtensions extensions = default)
    {
        using var buffer = new PooledBuffer();
        var writer = new PlaintextWriter(buffer);
        writer.WriteFrame(header, payload, extensions);
        writer.Finish();
        var sealedEnvelope = _member!.Seal(buffer, _build.Device, new SealOptions(TestActor.Now));
        byte[] envelope = buffer.WrittenSpan.ToArray();
        using var plaintext = new PooledBuffer();
        long position = _executor!.Thread.Position + 1;
        var opened = _executor.Open(position, envelope, isExpired: false, plaintext, Checks, OpenMode.First);
        Assert.Equal(OpenOutcome.Opened, opened.Outcome);
        using var own = new PooledBuffer();
        Assert.Equal(OpenOutcome.Own, _member.Open(position, envelope, isExpired: false, own, Checks, OpenMode.First).Outcome);
        _envelopes.Add(sealedEnvelope.Digest);
        _hashes.Add(position, _executor.Thread.ThreadHash);
        return (envelope, opened, plaintext.WrittenSpan.ToArray());
    }

    private (ApprovalBook Book, ProofBuilder Proof) Request()
    {
        var header = new FrameHeader { Contract = s_contract, Major = 1, Codec = FrameCodec.Protobuf, SchemaHash = s_schema };
        var extensions = new FrameExtensions { Salt = Frames.FrameSamples.Pattern(3).Span[..16], Target = _deploy.Agent };
        var (envelope, opened, plaintext) = Say(header, [8, 1], extensions);
        Assert.True(PlaintextReader.TryParse(plaintext, false, false, out var reader, out _));
        Assert.True(reader.TryRead(out var frame));
        Assert.True(ApprovalRequest.TryCreate(
            _member!.ThreadId, 2, opened.Envelope.Digest, opened.Sender, frame, reader.FrameCount, s_schema, _executor!.Thread.Epoch.Policy,
            out var request, out _));
        Assert.True(EnvelopeView.TryRead(envelope, out var view, out _));
        var proof = new ProofBuilder().AddCommit(_genesis.Span)
            .SetRequest(view.Header.Bytes, opened.Context, opened.CommitmentKey.Span, plaintext, view.Trailer);
        foreach (var actor in (TestActor[])[_build, _deploy, _ada, _ben])
            proof.AddIdentityLog(actor.Log);
        return (new ApprovalBook(request!), proof);
    }

    private SignedApproval Vote(ApprovalBook book, TestActor who, SigningKey key, byte quorum = 2, Decision decision = Decision.Yes, Bytes32? head = null) =>
        SignedApproval.Sign(
        new ApprovalStatement
        {
            Decision = decision,
            RuleId = 1,
            Quorum = quorum,
            Thread = book.Request.Thread,
            RequestEnvelope = book.Request.Envelope,
            Subject = book.Request.Subject,
            Approver = who.Agent,
            ApproverKey = default,
            LogHead = head ?? who.Log.Head,
            IssuedAt = TestActor.Now,
            ExpiresAt = TestActor.Now + 3_600_000,
            ThreadPosition = _executor!.Thread.Position,
            ThreadHash = _executor.Thread.ThreadHash,
            Nonce = 1,
        },
        "looks good",
        key);

    [Fact]
    public async Task A_request_is_made_approved_by_two_claimed_and_proven()
    {
        Start();
        var (book, proof) = Request();
        var facts = new Facts(_logs, _executor!, _hashes);
        foreach (var (who, key) in ((TestActor, SigningKey)[])[(_ada, _adasKey), (_ben, _bensKey)])
        {
            Assert.Equal(ApprovalStatus.Pending, book.Evaluate(facts, TestActor.Now).Status);
            var vote = Vote(book, who, key);
            Say(BuiltInContracts.Header(BuiltInContracts.Approval), vote.ToPayload());
            Assert.Equal(VoteResult.Counts, book.Add(_executor!.Thread.Position, vote.ToPayload(), facts, TestActor.Now));
            proof.AddApproval(vote);
        }

        var (_, claim, _) = Say(BuiltInContracts.Header(BuiltInContracts.Claim), ApprovalClaim.ToPayload(book.Request.Envelope));
        Assert.True(book.AddClaim(new ApprovalClaim(_executor!.Thread.Position, _deploy.Agent, claim.Envelope.Digest), book.Request.Envelope));
        var execution = new ExecutionFacts
        {
            Agent = _deploy.Agent, JoinPosition = 1, ProcessedThrough = 5, KnownHead = 5, OwnClaim = claim.Envelope.Digest,
        };
        Assert.Equal(ExecutionResult.Allowed, book.CheckExecution(execution, facts, TestActor.Now, out var tally));
        Assert.Equal(["looks good", "looks good"], tally.Votes.Select(v => v.Approval.Reason!));

        byte[] file = proof.SetRun(new ThreadRun(1, _start, _envelopes)).ToArray();
        var expected = new ProofExpectations { Thread = _member!.ThreadId, Creator = _build.Agent, Approvers = [_ada.Agent, _ben.Agent] };
        var verdict = ProofVerifier.Verify(file, expected);
        Assert.Equal(ProofRefusal.None, verdict.Refusal);
        Assert.Equal((ProvenDecision.Approved, 2L, true), (verdict.Proof!.Decision, verdict.Proof.Request.Position, verdict.Proof.IsOrderProven));
        Assert.Equal(0, await SecondOpinionAsync(file));
        file[^1] ^= 1;
        Assert.NotEqual(0, await SecondOpinionAsync(file));
    }

    [Fact]
    public void One_vote_of_a_quorum_of_two_proves_nothing()
    {
        Start();
        var (book, proof) = Request();
        byte[] file = proof.AddApproval(Vote(book, _ada, _adasKey)).ToArray();
        Assert.Equal(ProofRefusal.Undecided, ProofVerifier.Verify(file, new ProofExpectations { Thread = _member!.ThreadId }).Refusal);
        byte[] both = proof.AddApproval(Vote(book, _ben, _bensKey, decision: Decision.Abstain)).ToArray();
        Assert.Equal(ProofRefusal.Undecided, ProofVerifier.Verify(both, new ProofExpectations { Thread = _member.ThreadId }).Refusal);
    }

    [Fact]
    public void A_key_that_the_genesis_commit_shows_revoked_approves_nothing()
    {
        var before = _ada.Log.Head;
        _ada.Log = IdentityLogWriter.RevokeKey(_ada.Log, _adasKey.PublicKey, 1, 0, _ada.Root, TestActor.Now);
        _ada.Bundle = KeyBundle.Create(_ada.Log, _ada.Device, 1, _ada.Prekey.PublicKey, TestActor.Now, TestActor.Now + TestActor.Day);
        Start(quorum: 1);
        var (book, proof) = Request();
        byte[] file = proof.AddApproval(Vote(book, _ada, _adasKey, quorum: 1, head: before)).AddApproval(Vote(book, _ben, _bensKey, quorum: 1)).ToArray();
        var verdict = ProofVerifier.Verify(file, new ProofExpectations { Thread = _member!.ThreadId });
        Assert.Equal((ProofRefusal.Vote, VoteResult.Key), (verdict.Refusal, verdict.Vote));
    }

    [Fact]
    public void Commits_that_change_members_are_followed_to_the_last_epoch()
    {
        var vectors = Af1Vectors.Root.GetProperty("thread");
        var builder = new List<byte>();
        foreach (var envelope in vectors.GetProperty("envelopes").EnumerateArray().Where(e => e.Int("kind") == 2))
        {
            byte[] record = [.. envelope.Hex("header"), .. envelope.Hex("committed"), .. envelope.Hex("trailer")];
            builder.AddRange([.. BitConverter.GetBytes(record.Length), .. record]);
        }

        var logs = vectors.GetProperty("actors").EnumerateArray().Concat(vectors.GetProperty("laterActors").EnumerateArray())
            .GroupBy(a => a.Text("agentId")).Select(g => (ReadOnlyMemory<byte>)g.Last().Hex("log")).OrderBy(l => Parse(l).Agent).ToList();
        Assert.True(ProofIdentities.TryRead(logs, out var identities, out _));
        Assert.True(ProofThread.TryRead([.. builder], identities, out var thread, out var refusal, out var error), $"{refusal} {error}");
        Assert.Equal(3UL, thread!.Current.Number);
        var contexts = vectors.GetProperty("ctx").EnumerateArray().Select(c => c.GetString()).ToList();
        Assert.Equal(contexts[3], thread.Current.Context.ToString());
        Assert.True(identities.AreAllUsed);

        builder[^1] ^= 1;
        Assert.False(ProofThread.TryRead([.. builder], identities, out _, out refusal, out _));
        Assert.Equal(ProofRefusal.CommitSignature, refusal);

        static IdentityLog Parse(ReadOnlyMemory<byte> bytes) =>
            IdentityLog.TryParse(bytes.Span, out var log, out _) ? log : throw new InvalidOperationException("The vectors are broken.");
    }

    public void Dispose()
    {
        _member?.Dispose();
        _executor?.Dispose();
        foreach (var disposable in (IDisposable[])[_build, _deploy, _ada, _ben, _adasKey, _bensKey])
            disposable.Dispose();
    }

    /// <summary>The exit code of the verifier that the second implementation brings.</summary>
    private async Task<int> SecondOpinionAsync(byte[] file)
    {
        string? script = FindScript();
        Assert.SkipWhen(script is null || !File.Exists("/usr/bin/python3"), "Needs the repository and Python 3.11 with its package cryptography.");
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".afproof");
        await File.WriteAllBytesAsync(path, file, TestContext.Current.CancellationToken);
        try
        {
            var start = new ProcessStartInfo("/usr/bin/python3", [script, path, "--thread", _member!.ThreadId.ToString(), "--creator", _build.Agent.ToString()])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            TestContext.Current.TestOutputHelper?.WriteLine(await output + await errors);
            return process.ExitCode;
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string? FindScript()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "tests", "vectors", "verify_proof.py");
            if (File.Exists(candidate))
                return candidate;
        }

        return null;
    }

    private sealed class Facts(TestThread.Logs logs, ThreadMember member, TestThread.HashList hashes) : IApprovalFacts
    {
        public ThreadPolicy CurrentPolicy => member.Thread.Epoch.Policy;

        public IdentityLog? Find(AgentId agent) => logs.Find(agent);

        public bool TryGetThreadHash(long position, out Bytes32 hash) => hashes.TryFind(member.ThreadId, position, out hash);
    }
}
