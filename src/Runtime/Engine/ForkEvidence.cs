using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using AgentFlow.Protocol;
using AgentFlow.Protocol.Envelopes;
using AgentFlow.Protocol.Hub;
using AgentFlow.Store;
using AgentFlow.Store.Sealing;

namespace AgentFlow.Engine;

/// <summary>
/// Keeps, once for each member and thread, the envelope whose good signature proves a fork: it acknowledges another thread hash, or its device signed another
/// envelope for the same place of its sequence. Reference: protocol.md 2.7.
/// </summary>
internal static class ForkEvidence
{
    private const byte Layout = 1;
    private const int Page = 100;
    private static readonly byte[] s_key = SHA256.HashData("AgentFlow fork evidence"u8);

    /// <summary>Adds the evidence that a fault is to the session's next commit.</summary>
    /// <returns>Whether it proves something.</returns>
    public static async ValueTask<bool> KeepAsync(EngineServices engine, ThreadSession session, StoredEnvelope envelope, IncomingEnvelope fault)
    {
        // These checks come after the signature, so it holds.
        bool mayRepeat = fault.Error is ProtocolError.Generation or ProtocolError.SenderSequence or ProtocolError.PreviousEnvelope;
        if ((fault.Error != ProtocolError.ThreadFork && !mayRepeat) || !TryFindDevice(session, envelope, out var device))
            return false;
        byte[] second = mayRepeat ? await FindOtherAsync(engine, session, envelope, device).ConfigureAwait(false) : [];
        if (mayRepeat && second.Length == 0)
            return false;
        if (await FindAsync(engine.Store, session.Agent, session.Thread, engine.Stopping).ConfigureAwait(false) is null)
            session.Add(new AgentOp.PutJournal(s_key, Encode(session, envelope, device, second)));
        return true;
    }

    /// <summary>What was kept, or null.</summary>
    public static async ValueTask<ThreadForkEvidence?> FindAsync(IAgentStore store, HostedAgent agent, ThreadId thread, CancellationToken cancellationToken) =>
        await store.FindJournalAsync(agent.Id, thread, s_key, cancellationToken).ConfigureAwait(false) is { } row ? Decode(agent.Name, row.Span) : null;

    private static bool TryFindDevice(ThreadSession session, StoredEnvelope envelope, out Bytes32 device)
    {
        device = default;
        if (!MemberSession.TryRead(envelope, out var view))
            return false;
        foreach (var slot in session.Member.Roster.Slots)
        {
            if (slot.Leaf == view.Header.Leaf)
                device = slot.Entry.Device;
        }

        return !device.IsZero;
    }

    /// <summary>Header and trailer of the envelope that stands for the same place of the device's sequence, if both are signed; else nothing.</summary>
    private static async ValueTask<byte[]> FindOtherAsync(EngineServices engine, ThreadSession session, StoredEnvelope envelope, Bytes32 device)
    {
        long after = 0;
        while (true)
        {
            var rows = await engine.Store.ReadHistoryAsync(session.Agent.Id, session.Thread, after, Page, engine.Stopping).ConfigureAwait(false);
            foreach (var row in rows)
            {
                if (row.Record is { } record && TryProve(session.Member.Context, device, envelope, record, out var evidence))
                    return evidence.Second.ToArray();
            }

            if (rows.Count < Page)
                return [];
            after = rows[^1].Position;
        }
    }

    private static bool TryProve(
        Bytes32 context, Bytes32 device, StoredEnvelope envelope, HistoryRecord record, [NotNullWhen(true)] out EquivocationEvidence? evidence)
    {
        evidence = null;
        byte[] known = [.. record.Header.Span, .. record.Trailer.Span];
        return MemberSession.TryRead(envelope, out var first) && EnvelopeView.TryReadExpired(known, out var second, out _)
            && EquivocationEvidence.TryCreate(context, device, first, second, out evidence);
    }

    private static byte[] Encode(ThreadSession session, StoredEnvelope envelope, Bytes32 device, ReadOnlySpan<byte> second)
    {
        MemberSession.TryRead(envelope, out var view);
        using var writer = new RowWriter(Layout);
        writer.Int64(envelope.Position);
        writer.Fixed(device.Span);
        writer.Fixed(session.Member.Context.Span);
        writer.Bytes([.. view.Header.Bytes, .. view.Trailer]);
        writer.Bytes(second);
        return writer.Written.ToArray();
    }

    private static ThreadForkEvidence Decode(string agent, ReadOnlySpan<byte> row)
    {
        var reader = new RowReader(row, Layout);
        long position = reader.Int64();
        var (device, context) = (reader.Hash(), reader.Hash());
        byte[] first = reader.Bytes(), second = reader.Bytes();
        return reader.IsComplete ? new ThreadForkEvidence(agent, position, device, context, first, second) : throw AgentStoreException.Damaged("fork evidence");
    }
}
