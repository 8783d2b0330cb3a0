using AgentFlow.Protocol.Proofs;
using AgentFlow.Testing;

namespace AgentFlow.Runtime.Tests.Train;

public sealed class ApprovalTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_card_shows_who_asks_what_changes_and_until_when()
    {
        await using var host = await TrainTests.StartAsync(new TrainProbe());
        var card = await AskAsync(host);
        Assert.StartsWith("apr_", card.Id, StringComparison.Ordinal);
        Assert.StartsWith("af1:", card.Digest, StringComparison.Ordinal);
        Assert.Equal("security", card.RequesterName);
        Assert.Equal("release.deploy@1", card.Contract);
        var version = Assert.Single(card.Members, member => member.Name == "Version");
        Assert.Equal(("1.9.0", "1.8.2"), (version.Text, version.OldText));
        var need = Assert.Single(card.Requirements);
        Assert.Equal(("release-managers", 1), (need.Role, need.Quorum));
        Assert.Equal(TimeSpan.FromHours(2), card.ExpiresAt - card.RequestedAt);
        Assert.Equal([card.Id], (await host.Flow.Approvals.ListPendingAsync(Cancel)).Select(pending => pending.Id));
    }

    [Fact]
    public async Task A_rejection_ends_the_thread_as_refused_and_nothing_runs()
    {
        var probe = new TrainProbe();
        await using var host = await TrainTests.StartAsync(probe);
        var card = await AskAsync(host);
        Assert.Equal(DecisionStatus.Recorded, (await host.Person("ada").RejectAsync(card, "not today", Cancel)).Status);
        var end = await host.Flow.WaitForOutcomeAsync(card.Thread, Cancel);
        Assert.Equal((ThreadOutcome.Refused, "approval.refused"), (end.Outcome, end.Reason));
        Assert.Empty(probe.DeployKeys);
        Assert.Empty(await host.Flow.Approvals.ListPendingAsync(Cancel));
    }

    [Fact]
    public async Task A_decision_on_another_digest_is_refused_and_changes_nothing()
    {
        await using var host = await TrainTests.StartAsync(new TrainProbe());
        var card = await AskAsync(host);
        var result = await host.Flow.Approvals.ApproveAsync(card.Id, "af1:" + new string('0', 64), "ada", cancellationToken: Cancel);
        Assert.Equal(DecisionStatus.StaleDigest, result.Status);
        Assert.Equal(ApprovalStatus.Pending, (await host.Flow.Approvals.GetAsync(card.Id, Cancel))!.Status);
    }

    [Fact]
    public async Task A_second_answer_gets_already_decided_and_the_first_one()
    {
        await using var host = await TrainTests.StartAsync(new TrainProbe(), options => options.AddPerson("bob", "release-managers"));
        var card = await AskAsync(host);
        await host.Person("ada").ApproveAsync(card, "first", Cancel);
        await host.Flow.WaitForOutcomeAsync(card.Thread, Cancel);
        var again = await host.Person("ada").ApproveAsync(card, "second", Cancel);
        var other = await host.Person("bob").RejectAsync(card, "too late", Cancel);
        Assert.Equal((DecisionStatus.AlreadyDecided, "first"), (again.Status, again.FirstDecision!.Reason));
        Assert.Equal((DecisionStatus.AlreadyDecided, "first"), (other.Status, other.FirstDecision!.Reason));
    }

    [Fact]
    public async Task Of_two_people_who_answer_at_once_one_decides()
    {
        var probe = new TrainProbe();
        await using var host = await TrainTests.StartAsync(probe, options => options.AddPerson("bob", "release-managers"));
        var card = await AskAsync(host);
        var ada = host.Person("ada").ApproveAsync(card, "yes", Cancel).AsTask();
        var bob = host.Person("bob").ApproveAsync(card, "yes", Cancel).AsTask();
        var statuses = (await Task.WhenAll(ada, bob)).Select(result => result.Status).Order();
        Assert.Equal([DecisionStatus.Recorded, DecisionStatus.AlreadyDecided], statuses);
        await host.Flow.WaitForOutcomeAsync(card.Thread, Cancel);
        Assert.Single(probe.DeployKeys);
    }

    [Fact]
    public async Task Who_has_no_key_here_or_is_not_listed_may_not_decide()
    {
        await using var host = await TrainTests.StartAsync(new TrainProbe(), options => options.AddPerson("eve", "auditors"));
        var card = await AskAsync(host);
        Assert.Equal(DecisionStatus.NotAllowed, (await host.Person("security").ApproveAsync(card, cancellationToken: Cancel)).Status);
        Assert.Equal(DecisionStatus.NotAllowed, (await host.Person("nobody").ApproveAsync(card, cancellationToken: Cancel)).Status);
        Assert.Equal(DecisionStatus.NotAllowed, (await host.Person("eve").ApproveAsync(card, cancellationToken: Cancel)).Status);
        Assert.Equal(DecisionStatus.NotFound, (await host.Flow.Approvals.ApproveAsync(
            "apr_" + new string('a', 26), card.Digest, "ada", cancellationToken: Cancel)).Status);
    }

    [Fact]
    public async Task An_unanswered_request_expires_and_a_late_answer_is_refused()
    {
        var probe = new TrainProbe();
        await using var host = await TrainTests.StartAsync(probe);
        var card = await AskAsync(host);
        host.Clock.Advance(TimeSpan.FromHours(2) + TimeSpan.FromSeconds(1));
        var late = await host.Person("ada").ApproveAsync(card, "sorry", Cancel);
        var end = await host.Flow.WaitForOutcomeAsync(card.Thread, Cancel);
        Assert.Equal(DecisionStatus.Expired, late.Status);
        Assert.Equal(ThreadOutcome.Expired, end.Outcome);
        Assert.Empty(probe.DeployKeys);
    }

    [Fact]
    public async Task A_request_that_expired_while_the_process_was_down_expires_at_the_start()
    {
        await using var host = await TrainTests.StartAsync(new TrainProbe());
        var card = await AskAsync(host);
        await host.StopAsync(Cancel);
        host.Clock.Advance(TimeSpan.FromHours(3));
        await host.RestartAsync(Cancel);
        Assert.Equal(ThreadOutcome.Expired, (await host.Flow.WaitForOutcomeAsync(card.Thread, Cancel)).Outcome);
    }

    [Fact]
    public async Task The_same_approval_is_still_there_after_a_restart_and_runs_once()
    {
        var probe = new TrainProbe();
        await using var host = await TrainTests.StartAsync(probe);
        var card = await AskAsync(host);
        await host.RestartAsync(Cancel);
        var same = Assert.Single(await host.Flow.Approvals.ListPendingAsync(Cancel));
        Assert.Equal((card.Id, card.Digest), (same.Id, same.Digest));
        await host.Person("ada").ApproveAsync(same, cancellationToken: Cancel);
        await host.Flow.WaitForOutcomeAsync(card.Thread, Cancel);
        await host.RestartAsync(Cancel);
        Assert.Equal(DecisionStatus.AlreadyDecided, (await host.Person("ada").ApproveAsync(same, cancellationToken: Cancel)).Status);
        Assert.Single(probe.DeployKeys);
    }

    [Fact]
    public async Task The_proof_of_a_decision_verifies_without_a_store_and_not_after_a_change()
    {
        await using var host = await TrainTests.StartAsync(new TrainProbe());
        var card = await AskAsync(host);
        Assert.Null(await host.Flow.Approvals.ExportProofAsync(card.Id, Cancel));
        await host.Person("ada").ApproveAsync(card, "ok", Cancel);
        await host.Flow.WaitForOutcomeAsync(card.Thread, Cancel);
        byte[] proof = (await host.Flow.Approvals.ExportProofAsync(card.Id, Cancel))!;
        var verdict = ProofVerifier.Verify(proof, new ProofExpectations { Thread = card.Thread, Approvers = [card.Requirements[0].Approvers[0]] });
        Assert.True(verdict.IsValid, $"{verdict.Refusal} {verdict.Detail} {verdict.Vote}");
        Assert.True(verdict.Proof!.IsOrderProven);
        proof[^1] ^= 1;
        Assert.False(ProofVerifier.Verify(proof, new ProofExpectations { Thread = card.Thread }).IsValid);
    }

    private static async Task<ApprovalCard> AskAsync(AgentFlowTestHost host) =>
        await host.WaitForApprovalAsync(await host.Flow.StartThreadAsync(new Built("shop", "1.9.0"), cancellationToken: Cancel), Cancel);
}
