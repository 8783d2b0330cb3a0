using AgentFlow.PostgreSql.Commits;
using AgentFlow.PostgreSql.Reads;
using AgentFlow.Storage;
using AgentFlow.Storage.PostgreSql.Connections;
using AgentFlow.Store;
using AgentFlow.Store.Rows;
using AgentFlow.Store.Sealing;

namespace AgentFlow.PostgreSql;

/// <content>What writes.</content>
internal sealed partial class PostgreSqlAgentStore
{
    private const int Attempts = 8;

    private const string RaiseFence =
        """
        INSERT INTO lease AS l(agent, thread, owner, token, held, until)
          SELECT agent, thread, '00000000-0000-0000-0000-000000000000'::uuid, 1, false, 0 FROM thread WHERE agent = $1 AND thread = $2
        ON CONFLICT (agent, thread) DO UPDATE SET owner = excluded.owner, token = l.token + 1, held = false, until = 0 RETURNING l.token
        """;

    /// <inheritdoc/>
    public ValueTask<bool> PutAgentAsync(AgentRecord agent, CancellationToken cancellationToken) => _agents.PutAsync(agent, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> PutPeerAsync(PinnedPeer peer, CancellationToken cancellationToken) => _agents.PutPeerAsync(peer, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<AgentCommitResult> CommitAsync(IReadOnlyList<AgentCommit> commits, CancellationToken cancellationToken)
    {
        CommitPreparer.Validate(commits);
        var prepared = new PreparedCommit[commits.Count];
        for (int i = 0; i < commits.Count; i++)
        {
            var commit = commits[i];
            var sealer = commit.ExpectVersion == 0
                ? RecordSealer.ForNewThread(commit.Thread)
                : await FindSealerAsync(commit.Agent, commit.Thread, cancellationToken).ConfigureAwait(false);
            if (sealer is null)
                return AgentCommitResult.Missing(commit, i, await FindThreadAsync(commit.Agent, commit.Thread, cancellationToken).ConfigureAwait(false));
            prepared[i] = _preparer.Prepare(commit, sealer);
        }

        var result = await RunAsync(prepared, cancellationToken).ConfigureAwait(false);
        if (!result.IsCommitted)
        {
            var refused = commits[result.CommitIndex];
            if (result.Status == AgentCommitStatus.Destroyed)
                _sealers.Remove(refused.Agent, refused.Thread);
            return result;
        }

        foreach (var commit in prepared)
            _sealers.Add(commit.Commit.Agent, commit.Commit.Thread, commit.Sealer);
        FailPoint.Hit(AgentFailPoints.AfterCommit);
        return result;
    }

    /// <inheritdoc/>
    public ValueTask<long?> RaiseFenceAsync(AgentId agent, ThreadId thread, CancellationToken cancellationToken) => _pool.QueryAsync<long?>(
        RaiseFence,
        [Arguments.Of(agent), Arguments.Of(thread)],
        static async (reader, token) => await reader.ReadAsync(token).ConfigureAwait(false) ? reader.GetInt64(0) : null,
        cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<bool> DestroyThreadAsync(AgentId agent, ThreadId thread, CancellationToken cancellationToken)
    {
        FailPoint.Hit(AgentFailPoints.BeforeDestroy);
        bool isDone = await _pool.QueryAsync(
            "SELECT destroy($1, $2)", [Arguments.Of(agent), Arguments.Of(thread)],
            static async (reader, token) => await reader.ReadAsync(token).ConfigureAwait(false) && reader.GetBoolean(0),
            cancellationToken).ConfigureAwait(false);
        _sealers.Remove(agent, thread);
        FailPoint.Hit(AgentFailPoints.AfterDestroy);
        return isDone;
    }

    /// <summary>
    /// Runs the transaction. One that the server undid for another's sake is run again; of one whose answer did not come the outcome is unknown.
    /// </summary>
    private async Task<AgentCommitResult> RunAsync(PreparedCommit[] prepared, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await using var connection = await _pool.ConnectAsync(cancellationToken).ConfigureAwait(false);
                return await CommitTransaction.RunAsync(connection, prepared, _clock.GetUtcNow().ToUnixTimeMilliseconds(),
                    cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (Failures.IsLostRace(e) && attempt < Attempts)
            {
                // The server undid everything, so that another process's transaction could go on.
            }
            catch (Exception e) when (Failures.IsOfDatabase(e))
            {
                throw Failures.Wrap(e);
            }
        }
    }
}
