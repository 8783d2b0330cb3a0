using AgentFlow.Dispatch;
using AgentFlow.Store;

namespace AgentFlow.Engine;

/// <summary>The journal of one thread of one agent, written under the lease that it is worked on under.</summary>
internal sealed class StepJournal(EngineServices engine, ThreadKey key, Func<long?> fence) : IStepJournal
{
    // A step begins only while the thread is this process's, as far as it can tell: another one may be about to run it.
    public ValueTask<ReadOnlyMemory<byte>?> FindAsync(ReadOnlyMemory<byte> name, CancellationToken cancellationToken) => engine.Leases.IsHeld(key)
        ? engine.Store.FindJournalAsync(key.Agent, key.Thread, name, cancellationToken)
        : throw new SessionStaleException(AgentCommitStatus.Fenced);

    public async ValueTask<ReadOnlyMemory<byte>> AddAsync(ReadOnlyMemory<byte> name, ReadOnlyMemory<byte> result, CancellationToken cancellationToken)
    {
        var commit = new AgentCommit { Agent = key.Agent, Thread = key.Thread, ExpectVersion = null, Operations = [new AgentOp.PutJournal(name, result)],
            Fence = fence() };
        var answer = await engine.Store.CommitAsync(commit, CancellationToken.None).ConfigureAwait(false);
        return answer.Status switch
        {
            AgentCommitStatus.Committed => result,
            AgentCommitStatus.JournalExists => answer.Journal,
            _ => throw new SessionStaleException(answer.Status),
        };
    }
}
