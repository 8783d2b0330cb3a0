using System.Threading.Channels;
using AgentFlow.Hub.PostgreSql.Connections;
using AgentFlow.Hub.Stores;
using AgentFlow.Storage;
using AgentFlow.Storage.PostgreSql.Connections;
using Npgsql;

namespace AgentFlow.Hub.PostgreSql.Lanes;

/// <summary>
/// One connection that commits what waits for it, in order, as many commits at once as are there. It does not linger: while one transaction is under way,
/// the next one fills up.
/// </summary>
internal sealed class Lane : IAsyncDisposable
{
    private const int Attempts = 8;
    private readonly Database _database;
    private readonly PostgreSqlOptions _options;
    private readonly Channel<PendingCommit> _queue;
    private readonly Task _running;
    private NpgsqlConnection? _connection;

    public Lane(Database database, PostgreSqlOptions options)
    {
        (_database, _options) = (database, options);
        _queue = Channel.CreateBounded<PendingCommit>(new BoundedChannelOptions(options.QueueCapacity) { SingleReader = true });
        _running = Task.Run(RunAsync);
    }

    /// <summary>Hands a commit in, unless the queue is full or closed. What is handed in first is committed first.</summary>
    public bool TryAdd(PendingCommit commit) => _queue.Writer.TryWrite(commit);

    /// <summary>Finishes what waits, and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _running.ConfigureAwait(false);
        await DisconnectAsync().ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        var batch = new List<PendingCommit>();
        while (await _queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            batch.Clear();
            int operations = 0;
            int bytes = 0;
            while (_queue.Reader.TryPeek(out var next) && (batch.Count == 0 || Fits(operations + next.Commit.Ops.Count, bytes + next.Bytes)))
            {
                _queue.Reader.TryRead(out _);
                batch.Add(next);
                operations += next.Commit.Ops.Count;
                bytes += next.Bytes;
            }

            await CommitAsync([.. batch]).ConfigureAwait(false);
        }
    }

    private bool Fits(int operations, int bytes) => operations <= _options.MaxBatchOperations && bytes <= _options.MaxBatchBytes;

    private async Task CommitAsync(PendingCommit[] batch)
    {
        try
        {
            var results = await TryAsync(batch).ConfigureAwait(false);
            for (int i = 0; i < results.Length; i++)
                batch[i].Complete(results[i]);
        }
        catch (Exception e) when (batch.Length > 1 && Failures.IsOfOneCommit(e))
        {
            // The server refuses one of them as wrong and so undid them all: each by itself, so that only that one fails.
            foreach (var commit in batch)
                await CommitAsync([commit]).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever it is, it belongs to the callers, and the lane goes on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            foreach (var commit in batch)
                Fail(commit, e);
        }
    }

    private async Task<StoreResult[]> TryAsync(PendingCommit[] batch)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                _connection ??= await _database.ConnectAsync(CancellationToken.None).ConfigureAwait(false);
                return await BatchRun.RunAsync(_connection, batch, _database.Clock).ConfigureAwait(false);
            }
            catch (Exception e) when (Failures.IsLostRace(e) && attempt < Attempts)
            {
                // The server undid everything, so that another hub's transaction could go on.
            }
            catch (Exception e) when (!Failures.LeavesConnection(e))
            {
                await DisconnectAsync().ConfigureAwait(false);
                throw;
            }
        }
    }

    private static void Fail(PendingCommit commit, Exception error)
    {
        if (!Failures.IsOfDatabase(error))
            commit.Fail(error);
        else if (Failures.IsOfOneCommit(error))
            commit.Fail(Failures.Wrap(error));
        else
            commit.Complete(StoreResult.Failed(HubAnswers.Of(Failures.KindOf(error))));
    }

    private async Task DisconnectAsync()
    {
        if (_connection is not { } connection)
            return;
        _connection = null;
        await connection.DisposeAsync().ConfigureAwait(false);
    }
}
