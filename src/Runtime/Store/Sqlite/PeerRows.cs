using AgentFlow.Storage;
using AgentFlow.Store.Sealing;

namespace AgentFlow.Store.Sqlite;

/// <summary>Reads and writes the pins of peers.</summary>
internal sealed class PeerRows(RecordSealer device)
{
    private const byte Layout = 1;

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

    public byte[] Seal(PinnedPeer peer)
    {
        using var writer = new RowWriter(Layout);
        writer.Bytes(peer.IdentityLog.Span);
        writer.Bytes(peer.KeyBundle.Span);
        return device.Seal(RecordSlot.Peer, peer.Agent.Span, writer.Written);
    }

    /// <summary>The sealed evidence, or null where this pin brings none.</summary>
    public byte[]? SealEvidence(PinnedPeer peer) => peer.ForkEvidence.IsEmpty ? null : device.Seal(RecordSlot.ForkEvidence, peer.Agent.Span, peer.ForkEvidence.Span);

    /// <summary>Writes a pin that does not go back. Evidence once held stays.</summary>
    public static bool Put(WriteSession session, PinnedPeer peer, byte[] body, byte[]? evidence) =>
        session.Prepare("""
            INSERT INTO peer(agent, seq, head, body, fork) VALUES(?1, ?2, ?3, ?4, ?5)
            ON CONFLICT(agent) DO UPDATE SET seq = excluded.seq, head = excluded.head, body = excluded.body, fork = COALESCE(excluded.fork, peer.fork)
            WHERE excluded.seq > peer.seq OR (excluded.seq = peer.seq AND excluded.head = peer.head)
            """).Bind(1, peer.Agent.Span).Bind(2, peer.Sequence).Bind(3, peer.Head.Span).Bind(4, body).BindBlob(5, evidence).Run() == 1;

    private PinnedPeer Read(Statement row)
    {
        var agent = new AgentId(row.GetHash(0));
        byte[] body = device.TryOpen(RecordSlot.Peer, agent.Span, row.GetBlob(3)) ?? throw AgentStoreException.Damaged("peer");
        var reader = new RowReader(body, Layout);
        var peer = new PinnedPeer
        {
            Agent = agent,
            Sequence = row.GetInt64(1),
            Head = row.GetHash(2),
            IdentityLog = reader.Bytes(),
            KeyBundle = reader.Bytes(),
            ForkEvidence = row.IsNull(4) ? null : device.TryOpen(RecordSlot.ForkEvidence, agent.Span, row.GetBlob(4)) ?? throw AgentStoreException.Damaged("peer"),
        };
        return reader.IsComplete ? peer : throw AgentStoreException.Damaged("peer");
    }
}
