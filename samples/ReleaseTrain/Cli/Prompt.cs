using AgentFlow;

namespace ReleaseTrain.Cli;

/// <summary>Asks the person at the terminal.</summary>
public sealed class Prompt(IApprovals approvals)
{
    /// <summary>The answer is whether a decision was made; the request stays pending otherwise.</summary>
    public async Task<bool> AskAsync(ApprovalCard card, CancellationToken cancellationToken)
    {
        while (true)
        {
            Console.Write("  [a]pprove, [r]eject, [l]ater: ");
            switch ((await Console.In.ReadLineAsync(cancellationToken))?.Trim().ToLowerInvariant())
            {
                case "a" or "approve":
                    return (await approvals.ApproveAsync(card.Id, card.Digest, Decisions.Person, null, cancellationToken)).IsRecorded;
                case "r" or "reject":
                    Console.Write("  why: ");
                    if (await Console.In.ReadLineAsync(cancellationToken) is { Length: > 0 } reason)
                        return (await approvals.RejectAsync(card.Id, card.Digest, Decisions.Person, reason, cancellationToken)).IsRecorded;
                    break;
                case "l" or "later" or null:
                    return false;
            }
        }
    }
}
