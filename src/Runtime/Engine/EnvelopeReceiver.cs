using AgentFlow.Diagnostics;
using AgentFlow.Protocol.Frames;
using AgentFlow.Protocol.Hub;
using AgentFlow.Storage;
using AgentFlow.Store;

namespace AgentFlow.Engine;

/// <summary>
/// Takes one envelope in: all checks, then one transaction with its record, the advanced chain, T, what its built-in frames mean, and the mark of a position
/// in which nothing is to be handled here.
/// </summary>
internal sealed class EnvelopeReceiver(EngineServices engine, ApprovalDesk approvals)
{
    /// <summary>Takes the envelope at the next position in.</summary>
    /// <returns>False where the hub's bytes do not verify: the thread stops there, visibly.</returns>
    public async ValueTask<bool> ReceiveAsync(ThreadSession session, StoredEnvelope delivered)
    {
        var (incoming, envelope) = await OpenAsync(session, delivered).ConfigureAwait(false);
        FailPoint.Hit(FailPoints.AfterOpen);
        if (incoming.Kind == IncomingKind.Fault)
        {
            Telemetry.EnvelopeFailures.Add(1, Telemetry.Tag("reason", incoming.Reason));
            Log.ThreadGap(engine.Logger, session.Agent.Name, session.Thread, envelope.Position, incoming.Reason ?? "unknown");
            bool isProven = await ForkEvidence.KeepAsync(engine, session, envelope, incoming).ConfigureAwait(false);
            session.SetOutcome(ThreadOutcome.Parked, $"thread.gap at position {envelope.Position}: {incoming.Reason}{(isProven ? "; evidence of a fork is kept" : "")}");
            await session.CommitAsync().ConfigureAwait(false);
            return false;
        }

        session.Touch();
        session.KnownHead = Math.Max(session.KnownHead, Math.Max(incoming.Position, incoming.Acknowledged));
        await TakeAsync(session, incoming, envelope.MessageId).ConfigureAwait(false);
        await session.CommitAsync().ConfigureAwait(false);
        FailPoint.Hit(FailPoints.AfterReceiveCommit);
        return true;
    }

    /// <summary>Opens an envelope. What does not verify is fetched once more, because the hub may have damaged it on the way.</summary>
    private async ValueTask<(IncomingEnvelope Incoming, StoredEnvelope Envelope)> OpenAsync(ThreadSession session, StoredEnvelope envelope)
    {
        var incoming = await OpenAsync(session, envelope, isFinal: false).ConfigureAwait(false);
        if (incoming.Kind is not (IncomingKind.Fault or IncomingKind.Damaged))
            return (incoming, envelope);
        var page = await session.Agent.Hub.ReadThreadAsync(session.Thread, envelope.Position - 1, 1, 1 << 20, engine.Stopping).ConfigureAwait(false);
        var again = page.Envelopes.Count == 0 ? envelope : page.Envelopes[0];
        return (await OpenAsync(session, again, isFinal: true).ConfigureAwait(false), again);
    }

    private async ValueTask<IncomingEnvelope> OpenAsync(ThreadSession session, StoredEnvelope envelope, bool isFinal)
    {
        if (session.Member.HashNeeded(envelope) is { } position)
        {
            var hashes = await engine.Store.ReadHashesAsync(session.Agent.Id, session.Thread, position, 1, engine.Stopping).ConfigureAwait(false);
            if (hashes.Count == 1)
                session.Member.Provide(position, hashes[0].ThreadHash);
        }

        return session.Member.Open(envelope, engine.Peers, isFinal);
    }

    private async ValueTask TakeAsync(ThreadSession session, IncomingEnvelope incoming, MessageId messageId)
    {
        var record = incoming.Record;
        if (incoming.Kind == IncomingKind.Own)
        {
            record = session.OwnRecords.Remove(incoming.Digest, out var kept)
                ? kept
                : await engine.Store.FindOwnRecordAsync(session.Agent.Id, session.Thread, incoming.Digest, engine.Stopping).ConfigureAwait(false);
            session.Add(new AgentOp.CompleteOutbox(record?.MessageId ?? messageId, incoming.Position));
        }

        var status = incoming.Kind switch
        {
            IncomingKind.Own => HistoryStatus.Own,
            IncomingKind.Rejected => HistoryStatus.Rejected,
            IncomingKind.Expired => HistoryStatus.Expired,
            _ => HistoryStatus.Opened,
        };
        session.Add(new AgentOp.AddHistory(incoming.Position, incoming.Digest, incoming.ThreadHash, status, incoming.Kind == IncomingKind.Own ? null : record));
        session.Last = record is null ? null : new HistoryRow(incoming.Position, incoming.Digest, incoming.ThreadHash, status, record);
        if (status is HistoryStatus.Rejected or HistoryStatus.Expired)
        {
            Telemetry.EnvelopeFailures.Add(1, Telemetry.Tag("reason", incoming.Reason));
            Log.EnvelopeRejected(engine.Logger, session.Agent.Name, session.Thread, incoming.Position, incoming.Reason ?? status.ToString());
            approvals.NoteUnreadable(session, incoming.Position);
        }

        bool isPending = record is not null && status is HistoryStatus.Own or HistoryStatus.Opened && await TakeFramesAsync(session, incoming, record!).ConfigureAwait(false);
        if (!isPending && session.Cursor == new FramePosition(incoming.Position, 0))
            session.MoveCursor(new FramePosition(incoming.Position + 1, 0));
        session.HasApprovalNews |= session.Approvals.Count > 0;
    }

    /// <summary>Looks at the frames; true where one of them is to be handled here.</summary>
    private async ValueTask<bool> TakeFramesAsync(ThreadSession session, IncomingEnvelope incoming, HistoryRecord record)
    {
        bool isPending = false;
        bool isOwn = incoming.Kind == IncomingKind.Own;
        var asked = new HashSet<AgentId>();
        var frames = OpenedFrame.Read(record);
        if (!frames.All(frame => UnreadableEnvelopes.IsReadable(engine, frame)))
            approvals.NoteUnreadable(session, incoming.Position);
        foreach (var frame in frames)
        {
            if (BuiltInContracts.IsBuiltIn(frame.Header.Contract))
            {
                await TakeBuiltInAsync(session, incoming, record, frame, asked).ConfigureAwait(false);
                continue;
            }

            isPending |= FrameDispatcher.Concerns(engine, session, frame);
            if (!engine.Catalogue.TryFind(frame.Header.Contract, frame.Header.Major, out var contract))
                continue;
            if (isOwn)
                session.Audit(ThreadStepKind.Message, incoming.Position, contract.ToString());
            bool isGated = contract.Descriptor.IsGated || session.Member.Policy.RulesFor(contract.Id, contract.Major).Any();
            if (isGated)
                approvals.TakeRequest(session, incoming, record, frame, frames.Count, contract, isOwn);
            else if (contract.Descriptor.Ends != ThreadOutcome.Running)
                End(session, contract.Descriptor.Ends, contract.ToString(), isOwn);
        }

        return isPending;
    }

    private async ValueTask TakeBuiltInAsync(ThreadSession session, IncomingEnvelope incoming, HistoryRecord record, OpenedFrame frame, HashSet<AgentId> asked)
    {
        if (BuiltInContracts.Matches(frame.Header, BuiltInContracts.Approval))
            await approvals.TakeVoteAsync(session, incoming, record, frame, asked).ConfigureAwait(false);
        else if (BuiltInContracts.Matches(frame.Header, BuiltInContracts.Claim))
            approvals.TakeClaim(session, incoming, record, frame);
        else if (BuiltInContracts.Matches(frame.Header, BuiltInContracts.IdentityLog))
            await engine.Peers.ExtendAsync(record.Sender, frame.View.Payload.ToArray(), engine.Stopping).ConfigureAwait(false);
    }

    private void End(ThreadSession session, ThreadOutcome outcome, string contract, bool isOwn)
    {
        string? reason = outcome == ThreadOutcome.Failed ? $"ended by {contract}" : null;
        if (session is { Outcome: ThreadOutcome.Expired, Reason: RequestReporter.ExpiredByClock })
            session.Overrule(outcome, reason);
        if (session.Outcome is not (ThreadOutcome.Running or ThreadOutcome.Parked))
            return;
        session.SetOutcome(outcome, reason);
        if (!isOwn)
            return;
        session.AfterCommit(() =>
        {
            Telemetry.ThreadEnded(outcome);
            Log.ThreadEnded(engine.Logger, session.Thread, outcome);
        });
    }
}
