using AgentFlow.Hub.Stores;

namespace AgentFlow.Hub.PostgreSql.Lanes;

/// <summary>A commit that waits for its lane, and the caller that waits for it.</summary>
internal sealed class PendingCommit(StoreCommit commit)
{
    private readonly TaskCompletionSource<StoreResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public StoreCommit Commit { get; } = commit;

    public int Bytes { get; } = commit.Bytes;

    public Task<StoreResult> Answer => _answer.Task;

    /// <summary>Whether it is one append and nothing else, as nearly all commits are.</summary>
    public bool IsPlainAppend => Commit is { Fence: null, Ops: [StoreOp.Append] };

    public void Complete(StoreResult result) => _answer.TrySetResult(result);

    public void Fail(Exception error) => _answer.TrySetException(error);
}
