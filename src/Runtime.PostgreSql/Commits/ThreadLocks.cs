using AgentFlow.PostgreSql.Reads;
using AgentFlow.Store;
using AgentFlow.Store.Rows;
using Npgsql;

namespace AgentFlow.PostgreSql.Commits;

/// <summary>A thread's row as a transaction holds it.</summary>
internal readonly record struct LockedThread(long Number, long Version, bool IsDestroyed);

/// <summary>
/// Locks what a transaction is about: the leases against a change of their owner, then the threads. Everybody locks in one order, so none waits in a
/// circle; and in a statement of its own, so that what follows sees what the one before has committed.
/// </summary>
internal sealed class ThreadLocks
{
    private const string Leases =
        """
        SELECT l.agent, l.thread, l.token FROM unnest($1, $2) AS k(a, t) JOIN lease l ON l.agent = k.a AND l.thread = k.t
        ORDER BY l.agent, l.thread FOR SHARE OF l
        """;

    private const string Threads =
        """
        SELECT t.agent, t.thread, t.n, t.version, t.destroyed FROM unnest($1, $2) AS k(a, t) JOIN thread t ON t.agent = k.a AND t.thread = k.t
        ORDER BY t.agent, t.thread FOR UPDATE OF t
        """;

    private readonly Dictionary<(AgentId, ThreadId), long> _tokens = [];
    private readonly Dictionary<(AgentId, ThreadId), LockedThread> _threads = [];

    public static async Task<ThreadLocks> TakeAsync(NpgsqlConnection connection, IReadOnlyList<PreparedCommit> commits, CancellationToken cancellationToken)
    {
        var locks = new ThreadLocks();
        byte[][] agents = [.. commits.Select(commit => commit.Commit.Agent.Value.ToArray())];
        byte[][] threads = [.. commits.Select(commit => commit.Commit.Thread.Value.ToArray())];
        await using var batch = new NpgsqlBatch(connection);
        foreach (string sql in (string[])[Leases, Threads])
            batch.BatchCommands.Add(new NpgsqlBatchCommand(sql) { Parameters = { Arguments.Blobs(agents), Arguments.Blobs(threads) } });
        await batch.PrepareAsync(cancellationToken).ConfigureAwait(false);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            locks._tokens[(reader.GetAgent(0), reader.GetThread(1))] = reader.GetInt64(2);
        await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            locks._threads[(reader.GetAgent(0), reader.GetThread(1))] = new LockedThread(reader.GetInt64(2), reader.GetInt64(3), reader.GetBoolean(4));
        return locks;
    }

    /// <summary>The thread that a commit writes to, or why it does not; no thread and no reason where the commit makes it.</summary>
    public (LockedThread? Thread, AgentCommitStatus Refusal) Check(AgentCommit commit)
    {
        bool exists = _threads.TryGetValue((commit.Agent, commit.Thread), out var thread);
        if (exists && thread.IsDestroyed)
            return (thread, AgentCommitStatus.Destroyed);
        if ((commit.Fence ?? 0) < _tokens.GetValueOrDefault((commit.Agent, commit.Thread)))
            return (exists ? thread : null, AgentCommitStatus.Fenced);
        if (!exists && commit.ExpectVersion is null)
            return (null, AgentCommitStatus.NotFound);
        if (!exists)
            return (null, commit.ExpectVersion == 0 ? AgentCommitStatus.Committed : AgentCommitStatus.VersionConflict);
        return (thread, commit.ExpectVersion is { } expected && expected != thread.Version ? AgentCommitStatus.VersionConflict : AgentCommitStatus.Committed);
    }
}
