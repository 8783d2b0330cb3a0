using AgentFlow.Hub.PostgreSql.Connections;
using AgentFlow.Hub.Wakes;
using AgentFlow.Storage.PostgreSql.Connections;
using Npgsql;
using NpgsqlTypes;

namespace AgentFlow.Hub.PostgreSql.Wakes;

/// <summary>
/// Tells the other hubs what was committed: what piled up while the last notification was under way goes out together. Never inside the transaction of an
/// append, because PostgreSQL commits notifying transactions one at a time.
/// </summary>
internal sealed class Notifier : IAsyncDisposable
{
    public const string Channel = "agentflow_wake";
    private const int MaxPending = 100_000;
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);
    private readonly Database _database;
    private readonly long _sender;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _filled = new(0, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private HashSet<WakeHint> _pending = [];

    public Notifier(Database database, long sender)
    {
        (_database, _sender) = (database, sender);
        _running = Task.Run(() => RunAsync(_stop.Token));
    }

    /// <summary>Remembers a hint until the next notification. Beyond a bound hints are dropped: the others poll.</summary>
    public void Add(WakeHint hint)
    {
        lock (_gate)
        {
            if (_pending.Count < MaxPending && _pending.Add(hint) && _pending.Count == 1)
                _filled.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _filled.Dispose();
        _stop.Dispose();
    }

    /// <summary>Sends payloads. The notification is not worth a wait for the disk, and the setting ends with its transaction.</summary>
    public static async Task SendAsync(NpgsqlConnection connection, string[] payloads, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT set_config('synchronous_commit','off',true),pg_notify($1,p) FROM unnest($2) p", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Channel });
        command.Parameters.Add(Parameters.Array(payloads, NpgsqlDbType.Text));
        await command.PrepareAsync(cancellationToken).ConfigureAwait(false);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await using var connection = await _database.ConnectAsync(cancellationToken).ConfigureAwait(false);
                while (true)
                {
                    await _filled.WaitAsync(cancellationToken).ConfigureAwait(false);
                    await SendAsync(connection, Payloads(), cancellationToken).ConfigureAwait(false);
                }
            }
            catch (Exception e) when (Failures.IsOfDatabase(e))
            {
                // Hints may be lost. While the database does not answer there is nothing to hint at.
                await Task.Delay(s_pause, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private string[] Payloads()
    {
        HashSet<WakeHint> hints;
        lock (_gate)
            (hints, _pending) = (_pending, []);
        return [.. hints.Chunk(WakePayload.MaxHints).Select(some => WakePayload.Write(_sender, some))];
    }
}
