using AgentFlow.Storage;
using AgentFlow.Store.Rows;

namespace AgentFlow.Store.Sqlite;

/// <summary>Applies prepared commits on the writer thread.</summary>
internal sealed class CommitWriter(TimeProvider time)
{
    /// <summary>Applies all of them, or throws <see cref="CommitMismatchException"/>.</summary>
    public AgentCommitResult Apply(WriteSession session, IReadOnlyList<PreparedCommit> commits)
    {
        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        long version = 0;
        for (int i = 0; i < commits.Count; i++)
            version = Apply(session, commits[i], i, now);
        FailPoint.Hit(AgentFailPoints.BeforeCommit);
        return new AgentCommitResult { Status = AgentCommitStatus.Committed, Version = version };
    }

    private static long Apply(WriteSession session, PreparedCommit prepared, int index, long now)
    {
        var (thread, version) = prepared.Creates is { } creates ? Create(session, prepared, creates, index, now) : Check(session, prepared.Commit, index);
        var rows = new RowWriteContext(session, thread, prepared.Sealer, prepared.Commit, now);
        foreach (var (operationIndex, operation) in prepared.Operations)
        {
            if (RowOperations.Apply(rows, operation) is { } mismatch)
                throw new CommitMismatchException(mismatch with { CommitIndex = index, OperationIndex = operationIndex });
            FailPoint.Hit(AgentFailPoints.MidCommit);
        }

        if (prepared.Commit.ExpectVersion is null)
            return version;
        WriteThread(session, thread, ++version, prepared.Thread, now);
        return version;
    }

    private static (long Thread, long Version) Create(WriteSession session, PreparedCommit prepared, NewThread creates, int index, long now)
    {
        if (FindThread(session, prepared.Commit) is { } existing)
            throw Mismatch(existing.IsDestroyed ? AgentCommitStatus.Destroyed : AgentCommitStatus.VersionConflict, index, existing.Version);
        session.Prepare("INSERT INTO thread(agent, thread, version, started, updated, title, parent) VALUES(?1, ?2, 0, ?3, ?4, ?5, ?6)")
            .Bind(1, prepared.Commit.Agent.Span).Bind(2, prepared.Commit.Thread.Span).Bind(3, creates.StartedAt.ToUnixTimeMilliseconds()).Bind(4, now)
            .BindBlob(5, creates.Title).BindBlob(6, creates.Parent).Run();
        long thread = session.LastInsertRowId;
        session.Prepare("INSERT INTO vault(thread, body) VALUES(?1, ?2)").Bind(1, thread).Bind(2, creates.WrappedKey).Run();
        return (thread, 0);
    }

    private static (long Thread, long Version) Check(WriteSession session, AgentCommit commit, int index)
    {
        if (FindThread(session, commit) is not { } thread)
            throw Mismatch(commit.ExpectVersion is null ? AgentCommitStatus.NotFound : AgentCommitStatus.VersionConflict, index, 0);
        if (thread.IsDestroyed)
            throw Mismatch(AgentCommitStatus.Destroyed, index, thread.Version);
        if ((commit.Fence ?? 0) < thread.Fence)
            throw Mismatch(AgentCommitStatus.Fenced, index, thread.Version);
        if (commit.ExpectVersion is { } expected && expected != thread.Version)
            throw Mismatch(AgentCommitStatus.VersionConflict, index, thread.Version);
        return (thread.Number, thread.Version);
    }

    private static (long Number, long Version, long Fence, bool IsDestroyed)? FindThread(WriteSession session, AgentCommit commit)
    {
        var row = session.Prepare("SELECT n, version, fence, destroyed FROM thread WHERE agent = ?1 AND thread = ?2").Bind(1, commit.Agent.Span).Bind(2, commit.Thread.Span);
        (long, long, long, bool)? found = row.Step() ? (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3) != 0) : null;
        row.Reset();
        return found;
    }

    private static void WriteThread(WriteSession session, long thread, long version, ThreadChange change, long now) =>
        session.Prepare("""
            UPDATE thread SET version = ?2, updated = ?3, received = COALESCE(?4, received), pos = COALESCE(?5, pos), frame = COALESCE(?6, frame),
              outcome = COALESCE(?7, outcome), reason = CASE WHEN ?7 IS NULL THEN reason ELSE ?8 END,
              blocked = CASE WHEN ?9 = 1 THEN ?10 ELSE blocked END, title = CASE WHEN ?11 = 1 THEN ?12 ELSE title END, member = COALESCE(?13, member)
            WHERE n = ?1
            """)
            .Bind(1, thread).Bind(2, version).Bind(3, now).Bind(4, change.Received).Bind(5, change.Dispatched?.Position).Bind(6, (long?)change.Dispatched?.Frame)
            .Bind(7, (long?)change.Outcome).BindBlob(8, change.Reason).Bind(9, change.SetsBlocked ? 1 : 0).Bind(10, change.BlockedUntil?.ToUnixTimeMilliseconds())
            .Bind(11, change.SetsTitle ? 1 : 0).BindBlob(12, change.Title).BindBlob(13, change.Member).Run();

    private static CommitMismatchException Mismatch(AgentCommitStatus status, int index, long version) =>
        new(new AgentCommitResult { Status = status, CommitIndex = index, Version = version });
}
