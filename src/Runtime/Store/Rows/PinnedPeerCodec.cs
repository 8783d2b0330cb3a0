using AgentFlow.Store.Sealing;

namespace AgentFlow.Store.Rows;

/// <summary>Seals and opens the pins of peers.</summary>
internal sealed class PinnedPeerCodec(RecordSealer device)
{
    private const byte Layout = 1;

    public byte[] Seal(PinnedPeer peer)
    {
        using var writer = new RowWriter(Layout);
        writer.Bytes(peer.IdentityLog.Span);
        writer.Bytes(peer.KeyBundle.Span);
        return device.Seal(RecordSlot.Peer, peer.Agent.Span, writer.Written);
    }

    /// <summary>The sealed evidence, or null where this pin brings none.</summary>
    public byte[]? SealEvidence(PinnedPeer peer) =>
        peer.ForkEvidence.IsEmpty ? null : device.Seal(RecordSlot.ForkEvidence, peer.Agent.Span, peer.ForkEvidence.Span);

    /// <summary>Opens a pin; an empty <paramref name="evidence"/> is none.</summary>
    public PinnedPeer Open(AgentId agent, long sequence, Bytes32 head, ReadOnlySpan<byte> row, ReadOnlySpan<byte> evidence)
    {
        byte[] body = device.TryOpen(RecordSlot.Peer, agent.Span, row) ?? throw AgentStoreException.Damaged("peer");
        var reader = new RowReader(body, Layout);
        var peer = new PinnedPeer
        {
            Agent = agent,
            Sequence = sequence,
            Head = head,
            IdentityLog = reader.Bytes(),
            KeyBundle = reader.Bytes(),
            ForkEvidence = evidence.IsEmpty ? null
                : device.TryOpen(RecordSlot.ForkEvidence, agent.Span, evidence) ?? throw AgentStoreException.Damaged("peer"),
        };
        return reader.IsComplete ? peer : throw AgentStoreException.Damaged("peer");
    }
}
