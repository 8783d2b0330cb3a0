using System.Buffers.Binary;
using System.Security.Cryptography;
using AgentFlow.Hub.PostgreSql.Connections;
using AgentFlow.Hub.Wakes;

namespace AgentFlow.Hub.PostgreSql.Wakes;

/// <summary>Hints for this hub at once, and for the others by NOTIFY.</summary>
internal sealed class PostgreSqlWakes : IWakeBus, IAsyncDisposable
{
    private readonly InProcessWakes _here = new();
    private readonly Notifier _notifier;
    private readonly Listener _listener;

    private PostgreSqlWakes(Database database, string listenConnectionString)
    {
        long self = BinaryPrimitives.ReadInt64BigEndian(RandomNumberGenerator.GetBytes(sizeof(long)));
        _notifier = new Notifier(database, self);
        _listener = new Listener(listenConnectionString, self, _here);
    }

    public static async Task<PostgreSqlWakes> StartAsync(Database database, string listenConnectionString, CancellationToken cancellationToken)
    {
        var wakes = new PostgreSqlWakes(database, listenConnectionString);
        try
        {
            await wakes._listener.StartAsync(database, cancellationToken).ConfigureAwait(false);
            return wakes;
        }
        catch
        {
            await wakes.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public IDisposable Subscribe(Action<WakeHint> listener) => _here.Subscribe(listener);

    public void Publish(WakeHint hint)
    {
        _here.Publish(hint);
        _notifier.Add(hint);
    }

    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync().ConfigureAwait(false);
        await _notifier.DisposeAsync().ConfigureAwait(false);
    }
}
