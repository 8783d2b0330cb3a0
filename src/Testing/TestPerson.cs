namespace AgentFlow.Testing;

/// <summary>A person who decides in a test, with a real key.</summary>
/// <param name="host">The app.</param>
/// <param name="name">The configured name.</param>
public sealed class TestPerson(AgentFlowTestHost host, string name)
{
    /// <summary>Says yes to what a card shows.</summary>
    public ValueTask<DecisionResult> ApproveAsync(ApprovalCard card, string? reason = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(card);
        return host.Flow.Approvals.ApproveAsync(card.Id, card.Digest, name, reason, cancellationToken);
    }

    /// <summary>Says no to what a card shows.</summary>
    public ValueTask<DecisionResult> RejectAsync(ApprovalCard card, string reason, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(card);
        return host.Flow.Approvals.RejectAsync(card.Id, card.Digest, name, reason, cancellationToken);
    }

    /// <summary>Takes the person's answers back.</summary>
    public ValueTask<DecisionResult> WithdrawAsync(ApprovalCard card, string? reason = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(card);
        return host.Flow.Approvals.WithdrawAsync(card.Id, card.Digest, name, reason, cancellationToken);
    }
}
