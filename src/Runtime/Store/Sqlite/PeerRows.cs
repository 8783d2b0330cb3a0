using AgentFlow.Storage;
using AgentFlow.Store.Rows;

namespace AgentFlow.Store.Sqlite;

/// <summary>Reads and writes the pins of peers.</summary>
internal sealed class PeerRows(PinnedPeerCodec codec)
{
    public IReadOnlyList<PinnedPeer> List(ReadSession session)
    {
        var row = session.Prepare("SELECT agent, seq, head, body, fork FROM peer ORDER BY agent");
        var peers = new List<PinnedPeer>();
        while (row.Step())
            peers.Add(Read(row));
        return peers;
    }

    public PinnedPeer? Find(ReadSession session, AgentId agent)
    {
        var row = session.Prepare("SELECT agent, seq, head, body, fork FROM peer WHERE agent = ?1").Bind(1, agent.Span);
        return row.Step() ? Read(row) : null;
    }

    /// <summary>Writes a pin that does not go back. Evidence once held stays.</summary>
    public static bool Put(WriteSession session, PinnedPeer peer, byte[] body, byte[]? evidence) =>
        session.Prepare("""
            INSERT INTO peer(agent, seq, head, body, fork) VALUES(?1, ?2, ?3, ?4, ?5)
            ON CONFLICT(agent) DO UPDATE SET seq = excluded.seq, head = excluded.head, body = excluded.body, fork = COALESCE(excluded.fork, peer.fork)
            WHERE excluded.seq > peer.seq OR (excluded.seq = peer.seq AND excluded.head = peer.head)
            """).Bind(1, peer.Agent.Span).Bind(2, peer.Sequence).Bind(3, peer.Head.Span).Bind(4, body).BindBlob(5, evidence).Run() == 1;

    private PinnedPeer Read(Statement row) =>
        codec.Open(new AgentId(row.GetHash(0)), row.GetInt64(1), row.GetHash(2), row.GetBlob(3), row.IsNull(4) ? default : row.GetBlob(4));
}
