using AgentFlow.Keys;
using AgentFlow.PostgreSql.Reads;
using AgentFlow.Storage.PostgreSql.Connections;
using Npgsql;

namespace AgentFlow.PostgreSql.Keys;

/// <summary>
/// The device key file of the store as a row of it: sealed under what every process is given, so that nothing else has to be carried from machine to
/// machine.
/// </summary>
internal sealed class StoredDeviceKey(ConnectionPool pool, string schema) : IDeviceKeyPlace
{
    public string Description => $"key row of the store (schema {schema})";

    public async ValueTask<byte[]?> ReadAsync(CancellationToken cancellationToken) =>
        await pool.QueryAsync("SELECT body FROM device_key", [], ReadOneAsync, cancellationToken).ConfigureAwait(false);

    public async ValueTask TryCreateAsync(ReadOnlyMemory<byte> file, CancellationToken cancellationToken) => await pool.QueryAsync(
        "INSERT INTO device_key(body) VALUES($1) ON CONFLICT DO NOTHING",
        [Parameters.Of(file)],
        static (_, _) => Task.FromResult(true),
        cancellationToken).ConfigureAwait(false);

    private static async Task<byte[]?> ReadOneAsync(NpgsqlDataReader reader, CancellationToken cancellationToken) =>
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false) ? reader.GetBlob(0) : null;
}
