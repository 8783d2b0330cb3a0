using AgentFlow;
using ReleaseTrain.Deployment;
using ReleaseTrain.Tools;

namespace ReleaseTrain.Cli;

/// <summary>Starts or continues a run, follows it to the gate or to its end, and reports.</summary>
public sealed class DemoRunner(IAgentFlow flow, Layout layout, Releases releases, ServiceHost services, View view, DemoOptions options)
{
    private const string Schema = "agentflow.demo/run@1";
    private readonly Decisions _decisions = new(flow.Approvals);
    private readonly Receipts _receipts = new(flow, layout);

    private CurrentRun? _run;

    /// <summary>Notes that the end of the run was shown, so that the next start begins a new one. Killed before, the next start shows the same end again.</summary>
    public void MarkReported() => _run?.Write(layout);

    public async Task<(ExitCode Code, Report Report)> RunAsync(CancellationToken cancellationToken)
    {
        var (thread, run, refusal) = await FindThreadAsync(cancellationToken);
        if (refusal is { } no)
            return (no.Code, Report.Failure(Schema, no.Data, no.Error));

        var waiting = await FollowAsync(thread, cancellationToken);
        var info = await flow.GetThreadAsync(thread, cancellationToken) ?? throw new InvalidOperationException("The thread has gone.");
        var card = waiting ?? await LastApprovalAsync(thread, cancellationToken);
        var data = await DescribeAsync(info, card, cancellationToken);
        if (waiting is not null)
            return (ExitCode.Waiting, Report.Success(Schema, data));

        if (options.Check && await CheckAsync(cancellationToken) is { } fault)
            return (ExitCode.VerificationFailed, Report.Failure(Schema, data, fault));
        _run = run;
        return info.Outcome switch
        {
            ThreadOutcome.Completed => (ExitCode.Done, Report.Success(Schema, data)),
            ThreadOutcome.Refused => (ExitCode.Refused, Report.Failure(Schema, data, new ReportError("approval.rejected", "The deployment was refused.", "Fix what was wrong, commit, and run eng/demo again."))),
            ThreadOutcome.Expired => (ExitCode.Refused, Report.Failure(Schema, data, new ReportError("approval.expired", "Nobody decided in time.", "Run eng/demo again."))),
            ThreadOutcome.Parked => (ExitCode.Failed, Report.Failure(Schema, data, new ReportError("thread.parked", $"The run is parked: {info.Reason}.", "Read the log on standard error."))),
            _ => (ExitCode.Failed, Report.Failure(Schema, data, new ReportError("run.failed", await FailureAsync(thread, cancellationToken), "Fix it, commit, and run eng/demo again."))),
        };
    }

    private async Task<(ThreadId Thread, CurrentRun? Run, (ExitCode Code, ReportError Error, ReportData? Data)? Refusal)> FindThreadAsync(CancellationToken cancellationToken)
    {
        if (options.Approve is null && options.Reject is null)
        {
            var run = CurrentRun.Continue(layout, options.Repository);
            var start = new StartThreadOptions { IdempotencyKey = run.Key };
            return (await flow.StartThreadAsync(new Requested(options.Repository), start, cancellationToken), run with { IsReported = true }, null);
        }

        var (code, error, card) = await _decisions.DecideAsync(options, cancellationToken);
        if (error is not null || card is null)
            return (default, null, (code, error!, card is null ? null : new ReportData(Thread: card.Thread.ToString(), Approval: Describe(card))));
        // The run that waited at this gate ends here, and is reported here.
        return (card.Thread, CurrentRun.Read(layout) is { } current ? current with { IsReported = true } : null, null);
    }

    /// <summary>Shows the run live. The answer is the request that it waits for, or null at its end.</summary>
    private async Task<ApprovalCard?> FollowAsync(ThreadId thread, CancellationToken cancellationToken)
    {
        view.Line($"run {thread}");
        await foreach (var step in flow.WatchStepsAsync(thread, cancellationToken))
        {
            view.Step(step);
            if (step is not { Kind: ThreadStepKind.ApprovalRequested, Detail: { } id } || await flow.Approvals.GetAsync(id, cancellationToken) is not { Status: ApprovalStatus.Pending } card)
                continue;
            view.Card(card);
            if (options.Approve is not null || options.Reject is not null)
                continue;
            if (!await AnswerAsync(card, cancellationToken))
                return card;
        }

        return null;
    }

    private async Task<bool> AnswerAsync(ApprovalCard card, CancellationToken cancellationToken)
    {
        if (options.AutoApprove)
        {
            view.Line("  !! approved by --auto-approve with the demo key: no person looked at this");
            var result = await flow.Approvals.ApproveAsync(card.Id, card.Digest, Decisions.DemoApprover, "approved by --auto-approve", cancellationToken);
            return result.Status is DecisionStatus.Recorded or DecisionStatus.AlreadyDecided;
        }

        if (options.ExitWhenWaiting || options.Json || Console.IsInputRedirected || Console.IsOutputRedirected)
        {
            view.HowToDecide(card);
            return false;
        }

        return await new Prompt(flow.Approvals).AskAsync(card, cancellationToken);
    }

    private async Task<ReportData> DescribeAsync(ThreadInfo info, ApprovalCard? card, CancellationToken cancellationToken)
    {
        var steps = (await flow.ReadStepsAsync(info.Id, cancellationToken))
            .Where(step => step.Kind == ThreadStepKind.Handled)
            .Select(step => new ReportStep(step.Agent, step.Contract, step.Duration?.TotalMilliseconds));
        bool isDeployed = info.Outcome == ThreadOutcome.Completed && releases.Current.Length > 0;
        string? receipt = card is not null && info.HasEnded ? await _receipts.WriteAsync(card, cancellationToken) : null;
        return new ReportData(
            info.Id.ToString(), info.Outcome.ToString().ToLowerInvariant(), [.. steps], card is null ? null : Describe(card), receipt,
            isDeployed ? releases.PathOf(releases.Current) : null,
            isDeployed ? services.Find(releases.Current)?.Url : null);
    }

    private async Task<ApprovalCard?> LastApprovalAsync(ThreadId thread, CancellationToken cancellationToken)
    {
        var requested = (await flow.ReadStepsAsync(thread, cancellationToken)).LastOrDefault(step => step.Kind == ThreadStepKind.ApprovalRequested);
        return requested?.Detail is { } id ? await flow.Approvals.GetAsync(id, cancellationToken) : null;
    }

    private async Task<string> FailureAsync(ThreadId thread, CancellationToken cancellationToken)
    {
        var messages = await flow.ReadMessagesAsync(thread, cancellationToken);
        return messages.Select(message => message.Message).OfType<Failed>().LastOrDefault() is { } failed
            ? $"{failed.Stage}: {failed.Reason}{string.Concat(failed.Details.Select(detail => $"\n  {detail}"))}"
            : "The run failed.";
    }

    /// <summary>Verifies the logs of all threads; null where nothing is wrong.</summary>
    private async Task<ReportError?> CheckAsync(CancellationToken cancellationToken)
    {
        foreach (var info in await flow.ListThreadsAsync(10_000, cancellationToken))
        {
            if ((await flow.VerifyThreadAsync(info.Id, cancellationToken)).Faults is [var fault, ..])
                return new ReportError("thread.invalid", $"{info.Id}: {fault}", "Keep the stores: they are evidence.");
        }

        return null;
    }

    private static ReportApproval Describe(ApprovalCard card) => new(
        card.Id, card.Digest, card.Status.ToString().ToLowerInvariant(), card.Summary, card.Members.ToDictionary(member => member.Name, member => member.Text));
}
