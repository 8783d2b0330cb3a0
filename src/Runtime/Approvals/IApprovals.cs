namespace AgentFlow;

/// <summary>The approvals of this process's threads, and the decisions of its people.</summary>
/// <remarks>Thread-safe. A decision is signed by the person's own key and returns after its commit. Nothing here approves by itself.</remarks>
/// <example><code>
/// var card = (await flow.Approvals.ListPendingAsync())[0];
/// var result = await flow.Approvals.ApproveAsync(card.Id, card.Digest, "ada", "ok");
/// </code></example>
public interface IApprovals
{
    /// <summary>What waits for people, the oldest first.</summary>
    ValueTask<IReadOnlyList<ApprovalCard>> ListPendingAsync(CancellationToken cancellationToken = default);

    /// <summary>One approval in any state, or null.</summary>
    ValueTask<ApprovalCard?> GetAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Says yes as a person.</summary>
    /// <param name="id">The approval.</param>
    /// <param name="digest">The digest that the person saw.</param>
    /// <param name="person">The name of a configured person.</param>
    /// <param name="reason">A comment, or null. Members of the thread can read it.</param>
    /// <param name="cancellationToken">Cancels the wait; the decision may stand nevertheless.</param>
    ValueTask<DecisionResult> ApproveAsync(string id, string digest, string person, string? reason = null, CancellationToken cancellationToken = default);

    /// <summary>Says no as a person.</summary>
    /// <param name="id">The approval.</param>
    /// <param name="digest">The digest that the person saw.</param>
    /// <param name="person">The name of a configured person.</param>
    /// <param name="reason">Why; not empty. Members of the thread can read it.</param>
    /// <param name="cancellationToken">Cancels the wait; the decision may stand nevertheless.</param>
    ValueTask<DecisionResult> RejectAsync(string id, string digest, string person, string reason, CancellationToken cancellationToken = default);

    /// <summary>Takes a person's answers back, for good. Without effect once the executing agent has claimed the request.</summary>
    ValueTask<DecisionResult> WithdrawAsync(string id, string digest, string person, string? reason = null, CancellationToken cancellationToken = default);

    /// <summary>The proof file of a decided approval, which an auditor verifies with no key and no store.</summary>
    /// <returns>The bytes of an <c>.afproof</c> file, or null where there is no such decision.</returns>
    ValueTask<byte[]?> ExportProofAsync(string id, CancellationToken cancellationToken = default);
}
