using AgentFlow.Hub.PostgreSql.Connections;
using AgentFlow.Hub.Wakes;
using AgentFlow.Storage;
using AgentFlow.Storage.PostgreSql.Connections;
using Npgsql;

namespace AgentFlow.Hub.PostgreSql.Wakes;

/// <summary>
/// One connection that does nothing but listen to the other hubs: a listener that is busy, or in a transaction, would hold up everybody's notifications.
/// When it was cut off, everybody looks at the store once.
/// </summary>
internal sealed class Listener : IAsyncDisposable
{
    private static readonly TimeSpan s_probe = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(5);
    private readonly NpgsqlDataSource _source;
    private readonly long _self;
    private readonly InProcessWakes _target;
    private readonly CancellationTokenSource _stop = new();
    private NpgsqlConnection? _connection;
    private Task _running = Task.CompletedTask;
    private bool _heardProbe;

    public Listener(string connectionString, long self, InProcessWakes target)
    {
        var builder = Database.Builder(connectionString);
        builder.ConnectionStringBuilder.Pooling = false;
        builder.ConnectionStringBuilder.KeepAlive = 10;
        builder.ConnectionStringBuilder.ApplicationName ??= "agentflow-hub listen";
        (_source, _self, _target) = (builder.Build(), self, target);
    }

    /// <summary>Listens, and makes sure that what is sent arrives.</summary>
    /// <exception cref="StorageException">Nothing arrives: something between the hub and the server gives the connection to others.</exception>
    public async Task StartAsync(Database database, CancellationToken cancellationToken)
    {
        await ListenAsync(cancellationToken).ConfigureAwait(false);
        await using (var sender = await database.ConnectAsync(cancellationToken).ConfigureAwait(false))
            await Notifier.SendAsync(sender, [WakePayload.Write(_self, [])], cancellationToken).ConfigureAwait(false);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_probe);
        try
        {
            while (!_heardProbe)
                await _connection!.WaitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new StorageException(
                StorageErrorKind.Incompatible,
                $"No notification arrives on the connection that listens. A pool by transaction, as of PgBouncer, lies in between: set "
                + $"{nameof(PostgreSqlOptions)}.{nameof(PostgreSqlOptions.ListenConnectionString)} to a direct way to the server.");
        }

        _running = Task.Run(() => RunAsync(_stop.Token), CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await CloseAsync().ConfigureAwait(false);
        await _source.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        var pause = TimeSpan.Zero;
        while (true)
        {
            try
            {
                if (_connection is null)
                {
                    await ListenAsync(cancellationToken).ConfigureAwait(false);
                    _target.Publish(new WakeHint(WakeKind.Everything, default));
                }

                pause = TimeSpan.Zero;
                while (true)
                    await _connection!.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (Failures.IsOfDatabase(e))
            {
                // Polling goes on meanwhile; what was missed is looked for after the next connection.
                await CloseAsync().ConfigureAwait(false);
                await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
                pause = pause == TimeSpan.Zero ? TimeSpan.FromMilliseconds(200) : pause * 2 < s_longestPause ? pause * 2 : s_longestPause;
            }
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        _connection = _source.CreateConnection();
        _connection.Notification += OnNotification;
        await _connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var listen = new NpgsqlCommand($"LISTEN {Notifier.Channel}", _connection);
        await listen.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task CloseAsync()
    {
        if (_connection is not { } connection)
            return;
        _connection = null;
        await connection.DisposeAsync().ConfigureAwait(false);
    }

    private void OnNotification(object sender, NpgsqlNotificationEventArgs e)
    {
        if (!WakePayload.TryRead(e.Payload, out long from, out var hints))
            return;
        if (from == _self)
        {
            // This hub woke its own listeners when it committed.
            _heardProbe = true;
            return;
        }

        foreach (var hint in hints)
            _target.Publish(hint);
    }
}
