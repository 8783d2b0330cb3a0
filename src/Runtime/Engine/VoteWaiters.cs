using System.Collections.Concurrent;
using AgentFlow.Protocol.Approvals;

namespace AgentFlow.Engine;

/// <summary>What became of a person's own statement once it stood in the thread.</summary>
/// <param name="Result">How it was counted.</param>
/// <param name="WasOpen">Whether the request was still open below it.</param>
internal readonly record struct VotePlaced(VoteResult Result, bool WasOpen);

/// <summary>Those who decided and wait until their statement stands in the thread.</summary>
internal sealed class VoteWaiters
{
    private readonly ConcurrentDictionary<MessageId, TaskCompletionSource<VotePlaced>> _waiting = new();

    public Task<VotePlaced> Wait(MessageId message) =>
        _waiting.GetOrAdd(message, static _ => new TaskCompletionSource<VotePlaced>(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Placed(MessageId message, VotePlaced placed)
    {
        if (_waiting.TryRemove(message, out var waiter))
            waiter.TrySetResult(placed);
    }

    public void Forget(MessageId message) => _waiting.TryRemove(message, out _);
}
