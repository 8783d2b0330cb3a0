using System.Runtime.CompilerServices;
using AgentFlow.Engine;
using AgentFlow.Protocol.Approvals;
using AgentFlow.Store;

namespace AgentFlow.FrontDoor;

/// <summary>Says how threads stand, by what the agents of this process stored of them.</summary>
internal sealed class ThreadReader(EngineServices engine, AgentId app)
{
    private const int AuditPage = 500;

    public async ValueTask<ThreadInfo?> ReadAsync(ThreadId thread, CancellationToken cancellationToken)
    {
        var rows = new List<ThreadRow>();
        foreach (var agent in engine.Agents.Keys)
        {
            if (await engine.Store.FindThreadAsync(agent, thread, cancellationToken).ConfigureAwait(false) is { IsDestroyed: false } row)
                rows.Add(row);
        }

        return rows.Count == 0 ? null : await DescribeAsync(thread, rows, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<IReadOnlyList<ThreadInfo>> ListAsync(int maxCount, CancellationToken cancellationToken)
    {
        var threads = new Dictionary<ThreadId, List<ThreadRow>>();
        foreach (var agent in engine.Agents.Keys)
        {
            foreach (var row in await engine.Store.ListThreadsAsync(
                new ThreadQuery { Agent = agent, MaxCount = maxCount + 1 }, cancellationToken).ConfigureAwait(false))
            {
                if (row.Thread == StartKeys.ThreadOf(app))
                    continue;
                if (!threads.TryGetValue(row.Thread, out var rows))
                    threads.Add(row.Thread, rows = []);
                rows.Add(row);
            }
        }

        var list = new List<ThreadInfo>();
        foreach (var (thread, rows) in threads.OrderByDescending(pair => pair.Value.Min(row => row.StartedAt)).Take(maxCount))
            list.Add(await DescribeAsync(thread, rows, cancellationToken).ConfigureAwait(false));
        return list;
    }

    public async ValueTask<ThreadInfo> WaitAsync(ThreadId thread, Func<ThreadInfo, bool> condition, CancellationToken cancellationToken)
    {
        using var listener = engine.Signals.Listen(thread);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, engine.Stopping);
        while (true)
        {
            var info = await ReadAsync(thread, cancellationToken).ConfigureAwait(false)
                ?? throw new ArgumentException($"No agent of this process is a member of {thread}.", nameof(thread));
            if (info.HasEnded || info.Outcome == ThreadOutcome.Parked || condition(info))
                return info;
            await listener.NextAsync(either.Token).ConfigureAwait(false);
        }
    }

    public async ValueTask<IReadOnlyList<ThreadStep>> ReadStepsAsync(ThreadId thread, CancellationToken cancellationToken)
    {
        var cursors = new Dictionary<AgentId, long>();
        return [.. await ReadNewStepsAsync(thread, cursors, cancellationToken).ConfigureAwait(false)];
    }

    public async IAsyncEnumerable<ThreadStep> WatchStepsAsync(ThreadId thread, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var listener = engine.Signals.Listen(thread);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, engine.Stopping);
        var cursors = new Dictionary<AgentId, long>();
        while (true)
        {
            var info = await ReadAsync(thread, cancellationToken).ConfigureAwait(false);
            foreach (var step in await ReadNewStepsAsync(thread, cursors, cancellationToken).ConfigureAwait(false))
                yield return step;
            if (info is null || info.HasEnded || info.Outcome == ThreadOutcome.Parked)
                yield break;
            await listener.NextAsync(either.Token).ConfigureAwait(false);
        }
    }

    private async ValueTask<IEnumerable<ThreadStep>> ReadNewStepsAsync(ThreadId thread, Dictionary<AgentId, long> cursors, CancellationToken cancellationToken)
    {
        var steps = new List<ThreadStep>();
        foreach (var (agent, local) in engine.Agents)
        {
            long after = cursors.GetValueOrDefault(agent);
            while (true)
            {
                var rows = await engine.Store.ReadAuditAsync(agent, thread, after, AuditPage, cancellationToken).ConfigureAwait(false);
                foreach (var row in rows)
                {
                    var line = AuditLine.Decode(row.Bytes);
                    steps.Add(new ThreadStep(row.At, (ThreadStepKind)row.Kind, line.Position, local.Name, line.Contract, line.Duration, line.Detail));
                    after = row.Number;
                }

                if (rows.Count < AuditPage)
                    break;
            }

            cursors[agent] = after;
        }

        return steps.OrderBy(step => step.At).ThenBy(step => step.Position).ThenBy(step => step.Kind);
    }

    private async ValueTask<ThreadInfo> DescribeAsync(ThreadId thread, List<ThreadRow> rows, CancellationToken cancellationToken)
    {
        // One end is the thread's end; without one, a member that waits for somebody to look parks it for the reader.
        var decisive = rows.Find(
            row => row.Outcome is not (ThreadOutcome.Running or ThreadOutcome.Parked)) ?? rows.Find(row => row.Outcome == ThreadOutcome.Parked) ?? rows[0];
        var approvals = await engine.Store.ListApprovalsAsync(new ApprovalQuery(null, thread, null, int.MaxValue), cancellationToken).ConfigureAwait(false);
        var pending = approvals.GroupBy(row => row.RequestEnvelope)
            .Where(group => group.All(row => row.State == AgentFlow.Store.ApprovalState.Pending))
            .Select(group => ApprovalId.Of(group.Key).ToString());
        var endedAt = decisive.Outcome is ThreadOutcome.Running or ThreadOutcome.Parked ? (DateTimeOffset?)null : decisive.UpdatedAt;
        return new ThreadInfo(thread, decisive.Outcome, rows.Min(row => row.StartedAt), endedAt, rows.Max(row => row.Received), [.. pending], decisive.Reason);
    }
}
