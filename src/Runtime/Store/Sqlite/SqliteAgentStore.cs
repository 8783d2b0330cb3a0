using AgentFlow.Storage;
using AgentFlow.Store.Rows;
using AgentFlow.Store.Sealing;

namespace AgentFlow.Store.Sqlite;

/// <summary>The agents' store in one SQLite file. One process has it open.</summary>
internal sealed partial class SqliteAgentStore : IAgentStore
{
    private readonly SqliteStore _store;
    private readonly RecordSealer _device;
    private readonly SealerCache _sealers = new();
    private readonly CommitPreparer _preparer;
    private readonly CommitWriter _writer;
    private readonly AgentRecordCodec _agentCodec;
    private readonly PinnedPeerCodec _peerCodec;
    private readonly AgentRows _agents;
    private readonly PeerRows _peers;
    private readonly ThreadRows _threads;
    private readonly CrossThreadRows _crossThread;

    private SqliteAgentStore(SqliteStore store, RecordSealer device, TimeProvider time)
    {
        _store = store;
        _device = device;
        _preparer = new CommitPreparer(device);
        _writer = new CommitWriter(time);
        _agentCodec = new AgentRecordCodec(device);
        _peerCodec = new PinnedPeerCodec(device);
        _agents = new AgentRows(_agentCodec);
        _peers = new PeerRows(_peerCodec);
        _threads = new ThreadRows(device);
        _crossThread = new CrossThreadRows(device);
    }

    /// <inheritdoc/>
    public IThreadLeases? Leases => null;

    /// <summary>The counters since it was opened.</summary>
    public StoreStatistics Statistics => _store.Statistics;

    /// <summary>Opens or creates the store.</summary>
    /// <param name="path">The file, <c>.agentflow/agents.db</c> by default.</param>
    /// <param name="key">The key that it is sealed under; copied.</param>
    /// <param name="options">The settings of the file and the clock.</param>
    /// <param name="cancellationToken">Cancels the opening.</param>
    /// <exception cref="AgentStoreException">The store is sealed under another key.</exception>
    /// <exception cref="StorageException">Another process has it open, or the file cannot be used.</exception>
    public static async ValueTask<SqliteAgentStore> OpenAsync(string path, DeviceStorageKey key, SqliteOptions options, CancellationToken cancellationToken)
    {
        AgentFailPoints.EnsureRegistered();
        var store = SqliteStore.Open(path, options, AgentSchema.Migrations);
        var device = RecordSealer.ForDevice(key);
        try
        {
            bool isOurs = await store.WriteAsync(session => Prepare(session, device), cancellationToken).ConfigureAwait(false);
            if (!isOurs)
                throw AgentStoreException.WrongKey(store.Path);
            return new SqliteAgentStore(store, device, options.TimeProvider);
        }
        catch
        {
            await store.DisposeAsync().ConfigureAwait(false);
            device.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync().ConfigureAwait(false);
        _sealers.Clear();
        _device.Dispose();
    }

    /// <summary>Makes deleted bytes be overwritten, and sets or checks the store's mark.</summary>
    private static bool Prepare(WriteSession session, RecordSealer device)
    {
        session.Prepare("PRAGMA secure_delete=ON").Run();
        var mark = session.Prepare("SELECT body FROM mark WHERE id = 1");
        if (mark.Step())
            return device.TryOpen(RecordSlot.Mark, default, mark.GetBlob(0)) is not null;
        mark.Reset();
        session.Prepare("INSERT INTO mark(id, body) VALUES(1, ?1)").Bind(1, device.Seal(RecordSlot.Mark, default, default)).Run();
        return true;
    }
}
