using AgentFlow.Storage;
using AgentFlow.Storage.PostgreSql.Connections;
using AgentFlow.Store;
using AgentFlow.Store.Rows;
using AgentFlow.Store.Sealing;
using Npgsql;

namespace AgentFlow.PostgreSql.Reads;

/// <summary>Reads and writes the rows that belong to no thread: local agents and pins of peers.</summary>
internal sealed class AgentQueries(ConnectionPool pool, RecordSealer device)
{
    private readonly AgentRecordCodec _agents = new(device);
    private readonly PinnedPeerCodec _peers = new(device);

    public async ValueTask<IReadOnlyList<AgentRecord>> ListAsync(AgentId? agent, CancellationToken cancellationToken) => await pool.QueryAsync(
        "SELECT agent, version, body FROM agent WHERE ($1::bytea IS NULL OR agent = $1) ORDER BY agent",
        [Arguments.Of(agent)],
        (reader, token) => reader.ListAsync(row => _agents.Open(row.GetAgent(0), row.GetInt64(1), row.GetBlob(2)), token),
        cancellationToken).ConfigureAwait(false);

    public async ValueTask<bool> PutAsync(AgentRecord agent, CancellationToken cancellationToken)
    {
        byte[] name = _agents.HashName(agent);
        byte[] body = _agents.Seal(agent);
        string sql = agent.Version == 0
            ? "INSERT INTO agent(agent, name, version, body) VALUES($1, $2, $3 + 1, $4) ON CONFLICT DO NOTHING RETURNING 1"
            : "UPDATE agent SET name = $2, version = version + 1, body = $4 WHERE agent = $1 AND version = $3 RETURNING 1";
        try
        {
            return await pool.QueryAsync(
                sql,
                [Arguments.Of(agent.Agent), Parameters.Of(name), Parameters.Of(agent.Version), Parameters.Of(body)],
                static (reader, token) => reader.ReadAsync(token),
                cancellationToken).ConfigureAwait(false);
        }
        catch (StorageException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            // Another agent has the name.
            return false;
        }
    }

    public async ValueTask<IReadOnlyList<PinnedPeer>> ListPeersAsync(AgentId? agent, CancellationToken cancellationToken) => await pool.QueryAsync(
        "SELECT agent, seq, head, body, fork FROM peer WHERE ($1::bytea IS NULL OR agent = $1) ORDER BY agent",
        [Arguments.Of(agent)],
        (reader, token) => reader.ListAsync(row => _peers.Open(row.GetAgent(0), row.GetInt64(1), row.GetHash(2), row.GetBlob(3), row.GetBytes(4)), token),
        cancellationToken).ConfigureAwait(false);

    /// <summary>Writes a pin that does not go back. Evidence once held stays.</summary>
    public ValueTask<bool> PutPeerAsync(PinnedPeer peer, CancellationToken cancellationToken) => pool.QueryAsync(
        """
        INSERT INTO peer(agent, seq, head, body, fork) VALUES($1, $2, $3, $4, $5)
        ON CONFLICT (agent) DO UPDATE SET seq = excluded.seq, head = excluded.head, body = excluded.body, fork = COALESCE(excluded.fork, peer.fork)
        WHERE excluded.seq > peer.seq OR (excluded.seq = peer.seq AND excluded.head = peer.head) RETURNING 1
        """,
        [Arguments.Of(peer.Agent), Parameters.Of(peer.Sequence), Arguments.Of(peer.Head), Parameters.Of(_peers.Seal(peer)),
            Parameters.Of(_peers.SealEvidence(peer))],
        static (reader, token) => reader.ReadAsync(token),
        cancellationToken);
}
