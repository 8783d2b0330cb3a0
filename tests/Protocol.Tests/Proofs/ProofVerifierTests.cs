using AgentFlow.Protocol.Approvals;
using AgentFlow.Protocol.Crypto;
using AgentFlow.Protocol.Identity;
using AgentFlow.Protocol.Proofs;
using AgentFlow.Protocol.Tests.Frames;
using AgentFlow.Protocol.Tests.Vectors;
using static AgentFlow.Protocol.Tests.Proofs.ProofWorld;

namespace AgentFlow.Protocol.Tests.Proofs;

public sealed class ProofVerifierTests
{
    private readonly ProofWorld _world = new();

    private void AssertRefused(ProofRefusal expected, byte[] file) => Assert.Equal(expected, Verify(file).Refusal);

    private void AssertVoteRefused(VoteResult expected, Func<ApprovalStatement, ApprovalStatement> change)
    {
        var verdict = Verify(_world.Builder(_world.Vote(ManagerA, change: change)).ToArray());
        Assert.Equal((ProofRefusal.Vote, expected), (verdict.Refusal, verdict.Vote));
    }

    [Fact]
    public void A_yes_and_a_no_are_proven()
    {
        var approved = Verify(_world.Builder(_world.Vote(ManagerB)).ToArray());
        Assert.Equal(ProvenDecision.Approved, approved.Proof!.Decision);
        var refused = Verify(_world.Builder(_world.Vote(ManagerA, Decision.No)).ToArray());
        Assert.Equal(ProvenDecision.Refused, refused.Proof!.Decision);
        var both = Verify(_world.Builder(_world.Vote(ManagerB), _world.Vote(ManagerA, Decision.No)).ToArray());
        Assert.Equal(ProvenDecision.Refused, both.Proof!.Decision);
        Assert.Equal(2, both.Proof.Votes.Count);
    }

    [Fact]
    public void The_payload_and_its_names_come_out_of_the_proof()
    {
        var proof = Verify(_world.Builder(_world.Vote(ManagerA)).ToArray()).Proof!;
        Assert.Equal(Convert.FromHexString("0a0473686f701205312e392e30"), proof.Payload.ToArray());
        Assert.Equal(Protocol.Frames.ContractIds.Of("release.deploy"), proof.Request.Contract);
        Assert.Equal(Agent(Deploy), proof.Request.Target);
        Assert.Equal(Agent(Build), proof.Creator);
    }

    [Fact]
    public void Votes_that_decide_nothing_prove_nothing() =>
        AssertRefused(ProofRefusal.Undecided, _world.Builder(_world.Vote(ManagerA, Decision.Abstain)).ToArray());

    [Fact]
    public void What_is_expected_must_be_what_is_proven()
    {
        byte[] file = _world.Builder(_world.Vote(ManagerA)).ToArray();
        var other = FrameSamples.Pattern(1);
        Assert.Equal(ProofRefusal.UnexpectedThread, ProofVerifier.Verify(file, new ProofExpectations { Thread = new ThreadId(other) }).Refusal);
        Assert.Equal(ProofRefusal.UnexpectedCreator, ProofVerifier.Verify(file, new ProofExpectations { Creator = Agent(Deploy) }).Refusal);
        Assert.Equal(ProofRefusal.UnexpectedApprover, ProofVerifier.Verify(file, new ProofExpectations { Approvers = [Agent(ManagerB)] }).Refusal);
        Assert.Equal(ProofRefusal.UnexpectedDigest, ProofVerifier.Verify(file, Expected with { Digest = other }).Refusal);
        Assert.True(ProofVerifier.Verify(file, new ProofExpectations { Approvers = [Agent(ManagerA)] }).IsValid);
        Assert.Throws<ArgumentException>(() => ProofVerifier.Verify(file, new ProofExpectations()));
    }

    [Fact]
    public void A_statement_that_does_not_count_is_refused_with_its_rule()
    {
        AssertVoteRefused(VoteResult.Form, s => s with { Thread = new ThreadId(FrameSamples.Pattern(1)) });
        AssertVoteRefused(VoteResult.Request, s => s with { RequestEnvelope = FrameSamples.Pattern(1) });
        AssertVoteRefused(VoteResult.Request, s => s with { Subject = FrameSamples.Pattern(1) });
        AssertVoteRefused(VoteResult.Rule, s => s with { RuleId = 2 });
        AssertVoteRefused(VoteResult.Rule, s => s with { Quorum = 2 });
        AssertVoteRefused(VoteResult.Rule, s => s with { Approver = Agent(Deploy) });
        AssertVoteRefused(VoteResult.Key, s => s with { LogHead = FrameSamples.Pattern(1) });
        AssertVoteRefused(VoteResult.Time, s => s with { ExpiresAt = s.IssuedAt + 7_200_001 });
        AssertVoteRefused(VoteResult.Time, s => s with { ExpiresAt = s.IssuedAt });
        AssertVoteRefused(VoteResult.Key, s => s with { Approver = Agent(ManagerB), LogHead = Log(ManagerB).Head });
        var vote = _world.Vote(ManagerA);
        var forged = Verify(_world.Builder(vote).ToArray().Replaced(vote.Signature, 0));
        Assert.Equal((ProofRefusal.Vote, VoteResult.Signature), (forged.Refusal, forged.Vote));
    }

    [Fact]
    public void Nobody_proves_an_own_request()
    {
        _world.SetRequest(Gated(_world.FrameBytes), sender: ManagerA);
        var verdict = Verify(_world.Builder(_world.Vote(ManagerA)).ToArray());
        Assert.Equal((ProofRefusal.Vote, VoteResult.OwnRequest), (verdict.Refusal, verdict.Vote));
        Assert.True(Verify(_world.Builder(_world.Vote(ManagerB)).ToArray()).IsValid);
    }

    [Fact]
    public void A_request_of_the_wrong_form_is_refused()
    {
        void Refuse(ProofRefusal expected, Action<byte[]>? change = null, byte[]? plaintext = null, int sender = Build)
        {
            _world.SetRequest(plaintext ?? Gated(_world.FrameBytes), sender, change: change);
            AssertRefused(expected, _world.Builder(_world.Vote(ManagerA)).ToArray());
        }

        Refuse(ProofRefusal.Request, header => header[4] = 2);
        Refuse(ProofRefusal.Request, header => header[4] = 4);
        Refuse(ProofRefusal.Request, header => header[5] = 1);
        Refuse(ProofRefusal.Request, header => header.AsSpan(52, 4).Clear());
        Refuse(ProofRefusal.RequestContext, header => header[8] ^= 1);
        Refuse(ProofRefusal.RequestContext, header => header[40] = 2);
        Refuse(ProofRefusal.RequestSender, header => header[48] = 9);
        Refuse(ProofRefusal.RequestContent, header => header[156] ^= 1);
        Refuse(ProofRefusal.RequestSignature, header => header[48] = Deploy);
        Refuse(ProofRefusal.Request, plaintext: Gated(_world.FrameBytes, 2));
        Refuse(ProofRefusal.RequestFrame, plaintext: FrameSamples.Gated(FrameSamples.Header(), [1], default));
        Refuse(ProofRefusal.RequestFrame, plaintext: new byte[256]);
        Refuse(ProofRefusal.None);
    }

    [Fact]
    public void A_request_that_was_signed_in_a_batch_is_proven()
    {
        _world.SetRequest(Gated(_world.FrameBytes), isBatchSigned: true);
        Assert.True(Verify(_world.Builder(_world.Vote(ManagerA)).ToArray()).IsValid);
    }

    [Fact]
    public void Logs_are_all_there_and_all_used()
    {
        using var stranger = new Approvals.Person("stranger", 5);
        byte[] good = _world.Builder(_world.Vote(ManagerA)).ToArray();
        Assert.Equal(good, _world.Builder(_world.Vote(ManagerA)).AddIdentityLog(stranger.Log).ToArray());
        AssertRefused(ProofRefusal.UnusedIdentityLog, WithLog(good, stranger.Log));
        var again = Verify(WithLog(good, Log(Build)));
        Assert.Equal((ProofRefusal.IdentityLog, ProtocolError.Order), (again.Refusal, again.Detail));
        var builder = new ProofBuilder().AddCommit(_world.Genesis)
            .SetRequest(_world.Header, _world.Context, _world.OpeningKey, _world.Plaintext, _world.Trailer);
        var verdict = Verify(builder.AddApproval(_world.Vote(ManagerA)).AddIdentityLog(Log(Build)).ToArray());
        Assert.Equal((ProofRefusal.Commit, ProtocolError.MissingLog), (verdict.Refusal, verdict.Detail));
    }

    [Fact]
    public void A_revocation_counts_once_a_commit_names_a_head_that_has_it()
    {
        // Here no Commit does: what was decided before stays decided.
        using var root = SigningKey.FromSeed(RootSeed("manager-a"));
        using var key = ApproverKey(ManagerA);
        var revoked = IdentityLogWriter.RevokeKey(Log(ManagerA), key.PublicKey, 1, 0, root, 1_767_226_000_000);
        Assert.True(Verify(_world.Builder(_world.Vote(ManagerA)).AddIdentityLog(revoked).ToArray()).IsValid);
        var after = _world.Vote(ManagerA, change: s => s with { LogHead = revoked.Head });
        var verdict = Verify(_world.Builder(after).AddIdentityLog(revoked).ToArray());
        Assert.Equal((ProofRefusal.Vote, VoteResult.Key), (verdict.Refusal, verdict.Vote));
    }

    [Fact]
    public void Two_statements_of_a_person_and_withdrawals_are_never_written()
    {
        Assert.Throws<ArgumentException>(() => _world.Builder(_world.Vote(ManagerA), _world.Vote(ManagerA, Decision.No)));
        Assert.Throws<ArgumentException>(() => _world.Builder(_world.Vote(ManagerA, Decision.Withdraw)));
        Assert.Throws<InvalidOperationException>(() => _world.Builder().ToArray());
        Assert.Throws<ArgumentException>(() => new ProofBuilder().AddCommit(ProofWorld.Envelopes[1].Hex("envelope")));
    }

    [Fact]
    public void A_withdrawal_in_a_file_is_refused()
    {
        var withdrawal = _world.Vote(ManagerA, Decision.Withdraw);
        byte[] file = _world.Builder(_world.Vote(ManagerA)).ToArray();
        withdrawal.SignedBytes.CopyTo(file.AsSpan(file.Length - 392));
        AssertRefused(ProofRefusal.Withdrawn, file);
    }

    [Fact]
    public void A_run_proves_where_the_request_stands()
    {
        byte[] file = _world.Builder(_world.Vote(ManagerA, seen: 3), _world.Vote(ManagerB, seen: 2))
            .SetRun(new ThreadRun(1, _world.Hashes[0], _world.ThreadEnvelopes)).ToArray();
        var proof = Verify(file).Proof!;
        Assert.True(proof.IsOrderProven);
        Assert.Equal(2, proof.Request.Position);

        var short1 = _world.Builder(_world.Vote(ManagerA)).SetRun(new ThreadRun(2, _world.Hashes[1], _world.ThreadEnvelopes[1..])).ToArray();
        Assert.Equal(2, Verify(short1).Proof!.Request.Position);
    }

    [Fact]
    public void A_run_that_tells_another_story_is_refused()
    {
        ProofRefusal Run(long first, Bytes32 before, params Bytes32[] envelopes) =>
            Verify(_world.Builder(_world.Vote(ManagerA)).SetRun(new ThreadRun(first, before, envelopes)).ToArray()).Refusal;

        var e = _world.ThreadEnvelopes;
        var t = _world.Hashes;
        Assert.Equal(ProofRefusal.None, Run(1, t[0], e));
        Assert.Equal(ProofRefusal.Run, Run(1, t[1], e));
        Assert.Equal(ProofRefusal.Run, Run(1, t[0], e[1], e[1], e[2], e[3]));
        Assert.Equal(ProofRefusal.RunRequest, Run(3, t[2], e[2], e[3]));
        Assert.Equal(ProofRefusal.RunRequest, Run(2, t[2], e[1], e[2]));
        Assert.Equal(ProofRefusal.RunEnd, Run(2, t[1], e[1], e[3]));
        Assert.Throws<InvalidOperationException>(() => Run(2, t[1], e[1]));
    }

    [Fact]
    public void A_vote_of_somebody_who_had_not_seen_the_request_is_refused_where_order_is_claimed()
    {
        var early = _world.Vote(ManagerA, seen: 1);
        byte[] file = _world.Builder(early, _world.Vote(ManagerB)).SetRun(new ThreadRun(1, _world.Hashes[0], _world.ThreadEnvelopes)).ToArray();
        AssertRefused(ProofRefusal.RunEnd, file);
    }

    /// <summary>Adds the section of a log in front of the first log of a higher id.</summary>
    private static byte[] WithLog(byte[] file, IdentityLog added)
    {
        int at = 8;
        while (file[at] == 1)
        {
            int length = BitConverter.ToInt32(file, at + 2);
            Assert.True(IdentityLog.TryParse(file.AsSpan(at + 6, length), out var log, out _));
            if (log.Agent.CompareTo(added.Agent) > 0)
                break;
            at += 6 + length;
        }

        return [.. file[..at], 1, 0, .. BitConverter.GetBytes(added.Bytes.Length), .. added.Bytes.Span, .. file[at..]];
    }
}
