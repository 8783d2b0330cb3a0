using AgentFlow;

namespace ReleaseTrain.Cli;

/// <summary>Hands a person's answer to the runtime and says in words why it was not taken.</summary>
public sealed class Decisions(IApprovals approvals)
{
    public const string Person = "release-manager";
    public const string DemoApprover = "demo-approver";

    public async Task<(ExitCode Code, ReportError? Error, ApprovalCard? Card)> DecideAsync(DemoOptions options, CancellationToken cancellationToken)
    {
        string id = options.Approve ?? options.Reject!;
        if (await approvals.GetAsync(id, cancellationToken) is not { } card)
            return (ExitCode.NotFound, new ReportError("approval.not_found", $"There is no approval '{id}'.", "eng/demo --exit-when-waiting --json"), null);
        var result = options.Approve is not null
            ? await approvals.ApproveAsync(id, options.Digest!, Person, options.Reason, cancellationToken)
            : await approvals.RejectAsync(id, options.Digest ?? card.Digest, Person, options.Reason!, cancellationToken);
        return result.Status switch
        {
            DecisionStatus.Recorded => (ExitCode.Done, null, card),
            DecisionStatus.StaleDigest => (ExitCode.Conflict, Stale(card, options.Digest), card),
            DecisionStatus.AlreadyDecided => (ExitCode.Conflict, Decided(result), card),
            DecisionStatus.Expired => (ExitCode.Refused, new ReportError("approval.expired", "The request has expired.", "eng/demo starts a new run."), card),
            DecisionStatus.NotFound => (ExitCode.NotFound, new ReportError("approval.not_found", $"There is no approval '{id}'.", "eng/demo --exit-when-waiting --json"), null),
            _ => (ExitCode.NotAllowed, new ReportError("approval.not_allowed", $"'{Person}' may not answer this request.", "Ask somebody whom the policy lists."), card),
        };
    }

    private static ReportError Stale(ApprovalCard card, string? given) => new(
        "approval.stale", "The digest is not that of the request.", $"Read the request again, then decide on {card.Digest}.",
        Details: new Dictionary<string, string> { ["expected"] = card.Digest, ["actual"] = given ?? "" });

    private static ReportError Decided(DecisionResult result) => new(
        "approval.already_decided", "The request was decided before.", "The first decision stands.",
        Details: result.FirstDecision is { } first
            ? new Dictionary<string, string>
            {
                ["decision"] = first.IsYes ? "approved" : "rejected",
                ["by"] = first.Approver.ToString(),
                ["at"] = first.IssuedAt.ToString("O"),
                ["reason"] = first.Reason ?? "",
            }
            : null);
}
