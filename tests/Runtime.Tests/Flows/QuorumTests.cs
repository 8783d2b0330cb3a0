using AgentFlow.Testing;

namespace AgentFlow.Runtime.Tests.Flows;

public sealed class QuorumTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_quorum_of_two_takes_two_distinct_people()
    {
        await using var host = await StartAsync();
        var card = await AskAsync(host);
        Assert.Equal(DecisionStatus.Recorded, (await host.Person("ada").ApproveAsync(card, "one", Cancel)).Status);
        Assert.Equal(DecisionStatus.AlreadyDecided, (await host.Person("ada").ApproveAsync(card, "again", Cancel)).Status);
        Assert.Equal(ApprovalStatus.Pending, (await host.Flow.Approvals.GetAsync(card.Id, Cancel))!.Status);
        Assert.Equal(DecisionStatus.Recorded, (await host.Person("bob").ApproveAsync(card, "two", Cancel)).Status);
        Assert.Equal(ThreadOutcome.Completed, (await host.Flow.WaitForOutcomeAsync(card.Thread, Cancel)).Outcome);
        var decided = (await host.Flow.Approvals.GetAsync(card.Id, Cancel))!;
        Assert.Equal((ApprovalStatus.Approved, 2), (decided.Status, decided.Votes.Count));
    }

    [Fact]
    public async Task A_withdrawn_yes_does_not_count_and_the_person_cannot_vote_again()
    {
        await using var host = await StartAsync("ada", "bob", "cyd");
        var card = await AskAsync(host);
        await host.Person("ada").ApproveAsync(card, "yes", Cancel);
        Assert.Equal(DecisionStatus.Recorded, (await host.Person("ada").WithdrawAsync(card, "no, wait", Cancel)).Status);
        await host.Person("bob").ApproveAsync(card, "yes", Cancel);
        var open = (await host.Flow.Approvals.GetAsync(card.Id, Cancel))!;
        Assert.Equal((ApprovalStatus.Pending, 1), (open.Status, open.Votes.Count));
        Assert.NotEqual(DecisionStatus.Recorded, (await host.Person("ada").ApproveAsync(card, "yes after all", Cancel)).Status);
        await host.Person("cyd").ApproveAsync(card, "yes", Cancel);
        Assert.Equal(ThreadOutcome.Completed, (await host.Flow.WaitForOutcomeAsync(card.Thread, Cancel)).Outcome);
    }

    [Fact]
    public async Task A_request_that_too_few_can_still_approve_reaches_its_rejection_handler()
    {
        await using var host = await StartAsync();
        var card = await AskAsync(host);
        await host.Person("ada").RejectAsync(card, "too much", Cancel);
        Assert.Equal(ThreadOutcome.Failed, (await host.Flow.WaitForOutcomeAsync(card.Thread, Cancel)).Outcome);
        Assert.Equal(ApprovalStatus.Refused, (await host.Flow.Approvals.GetAsync(card.Id, Cancel))!.Status);
    }

    [Fact]
    public async Task An_expired_request_reaches_its_expiry_handler()
    {
        await using var host = await StartAsync();
        var card = await AskAsync(host);
        await host.Person("ada").ApproveAsync(card, "yes", Cancel);
        host.Clock.Advance(TimeSpan.FromMinutes(61));
        Assert.Equal(ThreadOutcome.Failed, (await host.Flow.WaitForOutcomeAsync(card.Thread, Cancel)).Outcome);
        Assert.Equal(ApprovalStatus.Expired, (await host.Flow.Approvals.GetAsync(card.Id, Cancel))!.Status);
    }

    [Fact]
    public async Task A_role_with_too_few_people_stops_the_start_with_a_message_that_names_the_fix()
    {
        await using var host = await StartAsync("ada");
        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await host.Flow.StartThreadAsync(new PayRequested(5), cancellationToken: Cancel));
        Assert.Contains("AddPerson(name, \"treasurers\")", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Configuration_tightens_the_quorum_and_the_lifetime_of_a_contract()
    {
        await using var host = await FlowHost.StartAsync(configure: options => options.AddPerson("ada", "treasurers").AddPerson("bob", "treasurers").AddPerson("cyd", "treasurers")
            .TightenApproval("pay.order", quorum: 3, expiresAfter: TimeSpan.FromMinutes(10)));
        var card = await AskAsync(host);
        Assert.Equal(3, Assert.Single(card.Requirements).Quorum);
        await host.Person("ada").ApproveAsync(card, "one", Cancel);
        await host.Person("bob").ApproveAsync(card, "two", Cancel);
        Assert.Equal(ApprovalStatus.Pending, (await host.Flow.Approvals.GetAsync(card.Id, Cancel))!.Status);
        host.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(ThreadOutcome.Failed, (await host.Flow.WaitForOutcomeAsync(card.Thread, Cancel)).Outcome);
        Assert.Equal(ApprovalStatus.Expired, (await host.Flow.Approvals.GetAsync(card.Id, Cancel))!.Status);
    }

    [Fact]
    public async Task Configuration_never_loosens_the_policy_of_a_contract()
    {
        await using var host = await FlowHost.StartAsync(configure: options => options.AddPerson("ada", "treasurers").AddPerson("bob", "treasurers")
            .TightenApproval("pay.order", quorum: 1, expiresAfter: TimeSpan.FromDays(7)));
        var card = await AskAsync(host);
        Assert.Equal(2, Assert.Single(card.Requirements).Quorum);
        host.Clock.Advance(TimeSpan.FromMinutes(61));
        Assert.Equal(ThreadOutcome.Failed, (await host.Flow.WaitForOutcomeAsync(card.Thread, Cancel)).Outcome);
    }

    [Fact]
    public async Task A_tightened_contract_that_does_not_exist_stops_the_start_and_names_those_that_do()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => FlowHost.StartAsync(configure: options => options.TightenApproval("pay.oder", quorum: 3)));
        Assert.Contains("pay.oder", error.Message, StringComparison.Ordinal);
        Assert.Contains("pay.order", error.Message, StringComparison.Ordinal);
    }

    private static Task<AgentFlowTestHost> StartAsync(params string[] people) => FlowHost.StartAsync(configure: options =>
    {
        foreach (string person in people.Length == 0 ? ["ada", "bob"] : people)
            options.AddPerson(person, "treasurers");
    });

    private static async Task<ApprovalCard> AskAsync(AgentFlowTestHost host) =>
        await host.WaitForApprovalAsync(await host.Flow.StartThreadAsync(new PayRequested(100), cancellationToken: Cancel), Cancel);
}
