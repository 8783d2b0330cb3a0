using System.Data;
using AgentFlow.Hub.PostgreSql.Connections;
using AgentFlow.Hub.Stores;
using AgentFlow.Protocol.Hub;
using Npgsql;

namespace AgentFlow.Hub.PostgreSql.Lanes;

/// <summary>
/// Runs commits as one transaction in one round trip: the locks, then each run of plain appends and each run of other commits, in their order. The server
/// commits when the last of them is through.
/// </summary>
internal static class BatchRun
{
    public static async Task<StoreResult[]> RunAsync(NpgsqlConnection connection, PendingCommit[] commits, DatabaseClock clock)
    {
        await using var batch = new NpgsqlBatch(connection);
        bool hasLocks = Fill(batch, commits, clock);
        await batch.PrepareAsync().ConfigureAwait(false);
        await using var reader = await batch.ExecuteReaderAsync(CommandBehavior.Default).ConfigureAwait(false);
        if (hasLocks)
            await reader.NextResultAsync().ConfigureAwait(false);
        var results = new StoreResult[commits.Length];
        int count = 0;
        do
        {
            while (await reader.ReadAsync().ConfigureAwait(false))
            {
                clock.Observe(reader.GetInt64(0));
                results[count++] = Result(reader);
            }
        }
        while (await reader.NextResultAsync().ConfigureAwait(false));
        if (count != commits.Length)
            throw new InvalidOperationException($"The database answered {count} of {commits.Length} commits.");
        return results;
    }

    private static bool Fill(NpgsqlBatch batch, PendingCommit[] commits, DatabaseClock clock)
    {
        for (int from = 0; from < commits.Length;)
        {
            int to = from + 1;
            bool isPlain = commits[from].IsPlainAppend;
            while (to < commits.Length && commits[to].IsPlainAppend == isPlain)
                to++;
            var run = commits.AsSpan(from, to - from);
            batch.BatchCommands.Add(isPlain ? AppendColumns.Command(run, clock) : OpColumns.Command(run, clock));
            from = to;
        }

        // A run of appends alone locks its threads itself.
        if (batch.BatchCommands.Count == 1 && commits[0].IsPlainAppend)
            return false;
        batch.BatchCommands.Insert(0, RowLocks.Command(commits));
        return true;
    }

    private static StoreResult Result(NpgsqlDataReader reader)
    {
        var status = (HubStatus)reader.GetInt16(1);
        return status == HubStatus.Ok
            ? new StoreResult(status, reader.GetFieldValue<long[]>(2), IsRepetition: reader.GetBoolean(4))
            : StoreResult.Failed(status, reader.GetInt64(3));
    }
}
