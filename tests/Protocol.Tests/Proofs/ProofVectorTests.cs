using AgentFlow.Protocol.Approvals;
using AgentFlow.Protocol.Identity;
using AgentFlow.Protocol.Proofs;
using AgentFlow.Protocol.Tests.Vectors;

namespace AgentFlow.Protocol.Tests.Proofs;

public sealed class ProofVectorTests
{
    private static System.Text.Json.JsonElement Vectors => Af1Vectors.Root.GetProperty("proof");

    private static ProofBuilder FromVectors()
    {
        var builder = new ProofBuilder().AddCommit(ProofWorld.Envelopes[0].Hex("envelope"));
        for (int actor = 0; actor < 4; actor++)
            builder.AddIdentityLog(ProofWorld.Log(actor));
        var request = ProofWorld.Envelopes[1];
        builder.SetRequest(request.Hex("header"), request.Hash("ctx"), request.Hex("kc"), request.Hex("plaintext"), request.Hex("trailer"));
        Assert.True(SignedApproval.TryParse(ProofWorld.Statements[0].Hex("payload"), out var yes, out _));
        return builder.AddApproval(yes!);
    }

    [Fact]
    public void The_proof_of_the_second_implementation_is_accepted_and_written_alike()
    {
        byte[] file = Vectors.Hex("withoutRun");
        Assert.Equal(file, FromVectors().ToArray());
        var expected = ProofWorld.Expected with { Creator = new AgentId(Vectors.Hash("creator")), Digest = Vectors.Hash("subject") };
        var verdict = ProofVerifier.Verify(file, expected);
        Assert.Equal(ProofRefusal.None, verdict.Refusal);
        var proof = verdict.Proof!;
        Assert.Equal(ProvenDecision.Approved, proof.Decision);
        Assert.Equal(Vectors.Hash("requestE"), proof.Request.Envelope);
        Assert.Equal(Vectors.Hash("subject"), proof.Request.Subject);
        Assert.Equal(ProofWorld.Agent(ProofWorld.Build), proof.Request.Requester);
        Assert.Equal(ProofWorld.Agent(ProofWorld.ManagerA), Assert.Single(proof.Votes).Approver);
        Assert.False(proof.IsOrderProven);
    }

    [Fact]
    public void A_run_is_cut_where_nobody_vouches_for_it_any_more()
    {
        // The vectors' run goes on behind what the approver signed: true, but no one could tell if it were not.
        Assert.Equal(ProofRefusal.RunEnd, ProofVerifier.Verify(Vectors.Hex("file"), ProofWorld.Expected).Refusal);
        var envelopes = Vectors.GetProperty("es").EnumerateArray().Select(e => new Bytes32(Convert.FromHexString(e.GetString()!)));
        var run = new ThreadRun(1, ProofWorld.Envelopes[0].Hash("ctx"), [.. envelopes]);
        var verdict = ProofVerifier.Verify(FromVectors().SetRun(run).ToArray(), ProofWorld.Expected);
        Assert.True(verdict.IsValid);
        Assert.True(verdict.Proof!.IsOrderProven);
        Assert.Equal(Vectors.Long("requestPosition"), verdict.Proof.Request.Position);
    }

    [Fact]
    public void Files_that_the_second_implementation_refuses_are_refused()
    {
        foreach (var sample in Vectors.GetProperty("refused").EnumerateArray())
            Assert.False(ProofVerifier.Verify(sample.Hex("file"), ProofWorld.Expected).IsValid, sample.Text("name"));
    }

    [Fact]
    public void Files_that_do_not_approve_for_the_second_implementation_do_not_approve()
    {
        foreach (var sample in Vectors.GetProperty("notMet").EnumerateArray())
            Assert.NotEqual(ProvenDecision.Approved, ProofVerifier.Verify(sample.Hex("file"), ProofWorld.Expected).Proof?.Decision);
    }
}
