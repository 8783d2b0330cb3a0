using AgentFlow.Storage;
using AgentFlow.Store.Rows;
using AgentFlow.Store.Sealing;

namespace AgentFlow.Store.Sqlite;

/// <content>What writes.</content>
internal sealed partial class SqliteAgentStore
{
    /// <inheritdoc/>
    public ValueTask<bool> PutAgentAsync(AgentRecord agent, CancellationToken cancellationToken)
    {
        byte[] name = _agentCodec.HashName(agent);
        byte[] body = _agentCodec.Seal(agent);
        return _store.WriteAsync((agent, name, body), static (session, row) => AgentRows.Put(session, row.agent, row.name, row.body), body.Length, WriteKind.Grows, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<bool> PutPeerAsync(PinnedPeer peer, CancellationToken cancellationToken)
    {
        byte[] body = _peerCodec.Seal(peer);
        byte[]? evidence = _peerCodec.SealEvidence(peer);
        return _store.WriteAsync(
            (peer, body, evidence), static (session, row) => PeerRows.Put(session, row.peer, row.body, row.evidence), body.Length, WriteKind.Grows, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<AgentCommitResult> CommitAsync(IReadOnlyList<AgentCommit> commits, CancellationToken cancellationToken)
    {
        CommitPreparer.Validate(commits);
        var prepared = new PreparedCommit[commits.Count];
        int bytes = 0;
        for (int i = 0; i < commits.Count; i++)
        {
            var commit = commits[i];
            if (await FindSealerAsync(commit, cancellationToken).ConfigureAwait(false) is not { } sealer)
                return await DescribeMissingAsync(commit, i, cancellationToken).ConfigureAwait(false);
            prepared[i] = _preparer.Prepare(commit, sealer);
            bytes += prepared[i].Bytes;
        }

        try
        {
            var result = await _store.WriteAsync((_writer, prepared), static (session, work) => work._writer.Apply(session, work.prepared), bytes, KindOf(commits), cancellationToken)
                .ConfigureAwait(false);
            foreach (var commit in prepared)
                _sealers.Add(commit.Commit.Agent, commit.Commit.Thread, commit.Sealer);
            FailPoint.Hit(AgentFailPoints.AfterCommit);
            return result;
        }
        catch (CommitMismatchException e)
        {
            var commit = commits[e.Result.CommitIndex];
            if (e.Result.Status == AgentCommitStatus.Destroyed)
                _sealers.Remove(commit.Agent, commit.Thread);
            return e.Result;
        }
    }

    /// <inheritdoc/>
    public ValueTask<long?> RaiseFenceAsync(AgentId agent, ThreadId thread, CancellationToken cancellationToken) =>
        _store.WriteAsync<long?>(
            session =>
            {
                int changed = session.Prepare("UPDATE thread SET fence = fence + 1 WHERE agent = ?1 AND thread = ?2").Bind(1, agent.Span).Bind(2, thread.Span).Run();
                if (changed == 0)
                    return null;
                var row = session.Prepare("SELECT fence FROM thread WHERE agent = ?1 AND thread = ?2").Bind(1, agent.Span).Bind(2, thread.Span);
                return row.Step() ? row.GetInt64(0) : null;
            },
            cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<bool> DestroyThreadAsync(AgentId agent, ThreadId thread, CancellationToken cancellationToken)
    {
        bool isDone = await _store.WriteAsync((agent, thread), static (session, id) => Destroy(session, id.agent, id.thread), 0, WriteKind.Frees, cancellationToken).ConfigureAwait(false);
        _sealers.Remove(agent, thread);
        FailPoint.Hit(AgentFailPoints.AfterDestroy);
        return isDone;
    }

    private static bool Destroy(WriteSession session, AgentId agent, ThreadId thread)
    {
        var row = session.Prepare("SELECT n FROM thread WHERE agent = ?1 AND thread = ?2 AND destroyed = 0").Bind(1, agent.Span).Bind(2, thread.Span);
        if (!row.Step())
            return false;
        long number = row.GetInt64(0);
        row.Reset();
        session.Prepare("DELETE FROM vault WHERE thread = ?1").Bind(1, number).Run();
        session.Prepare("DELETE FROM timer WHERE thread = ?1").Bind(1, number).Run();
        session.Prepare("DELETE FROM outbox WHERE thread = ?1").Bind(1, number).Run();
        session.Prepare("UPDATE thread SET destroyed = 1, version = version + 1 WHERE n = ?1").Bind(1, number).Run();
        FailPoint.Hit(AgentFailPoints.BeforeDestroy);
        return true;
    }

    private async ValueTask<RecordSealer?> FindSealerAsync(AgentCommit commit, CancellationToken cancellationToken)
    {
        if (commit.ExpectVersion == 0)
            return RecordSealer.ForNewThread(commit.Thread);
        return _sealers.Find(commit.Agent, commit.Thread)
            ?? await _store.ReadAsync((_device, commit), static (session, work) => ThreadScopeQueries.Find(session, work._device, work.commit.Agent, work.commit.Thread)?.Sealer, cancellationToken)
                .ConfigureAwait(false);
    }

    /// <summary>Says why a thread has no storage key.</summary>
    private async ValueTask<AgentCommitResult> DescribeMissingAsync(AgentCommit commit, int index, CancellationToken cancellationToken)
    {
        var row = await FindThreadAsync(commit.Agent, commit.Thread, cancellationToken).ConfigureAwait(false);
        return AgentCommitResult.Missing(commit, index, row);
    }

    /// <summary>A commit that only takes envelopes out of the outbox may use the last free space.</summary>
    private static WriteKind KindOf(IReadOnlyList<AgentCommit> commits) =>
        commits.All(c => c.Operations.All(o => o is AgentOp.CompleteOutbox or AgentOp.RemoveTimer)) ? WriteKind.Frees : WriteKind.Grows;
}
