using System.Buffers.Binary;
using AgentFlow.Diagnostics;
using AgentFlow.Protocol.Approvals;
using AgentFlow.Protocol.Crypto;
using AgentFlow.Protocol.Frames;
using AgentFlow.Protocol.Threads;
using AgentFlow.Storage;

namespace AgentFlow.Engine;

/// <summary>A decision as a person gives it.</summary>
/// <param name="Request">E of the request.</param>
/// <param name="Decision">The answer.</param>
/// <param name="Reason">Why, or null.</param>
internal sealed record Ballot(Bytes32 Request, Decision Decision, string? Reason);

/// <summary>Signs what a person decided and puts it into the thread, inside the order of the person's own view of it.</summary>
internal sealed class Voter(EngineServices engine, EnvelopeSealer sealer)
{
    /// <summary>Signs and sends a statement, durably.</summary>
    /// <returns>The id of its envelope, or why nothing was signed.</returns>
    public async ValueTask<(DecisionStatus Status, MessageId Message)> VoteAsync(ThreadSession session, Ballot ballot)
    {
        if (await FindAsync(session, ballot).ConfigureAwait(false) is not { } file)
            return (DecisionStatus.AlreadyDecided, default);
        if (await RevokedLeaves.ParkAsync(engine, session).ConfigureAwait(false))
            throw new AgentFlowException("device.revoked", RevokedLeaves.ReasonOf(engine, session.RevokedMember!.Value));
        var now = engine.Now;
        if (ballot.Decision != Decision.Withdraw && now >= file.ExpiresAt)
            return (DecisionStatus.Expired, default);
        var facts = new ApprovalFacts(session.Member.Policy, engine.Peers);
        var tally = file.Book.Evaluate(facts, now.ToUnixTimeMilliseconds());
        if (FindRule(session, file, tally) is not { } rule)
            return (DecisionStatus.NotAllowed, default);
        bool hasVoted = tally.Votes.Any(vote => vote.Approver == session.Agent.Id);
        if (ballot.Decision != Decision.Withdraw && (hasVoted || tally.Status != Protocol.Approvals.ApprovalStatus.Pending))
            return (DecisionStatus.AlreadyDecided, default);

        var message = MessageId.New(now);
        var signed = SignedApproval.Sign(Statement(session, file, rule, ballot, now), ballot.Reason, session.Agent.Keys.Approver!);
        sealer.SendBuiltIn(session, message, BuiltInContracts.Approval, signed.ToPayload(), default);
        FailPoint.Hit(FailPoints.BeforeVoteCommit);
        await session.CommitAsync().ConfigureAwait(false);
        FailPoint.Hit(FailPoints.AfterVoteCommit);
        return (DecisionStatus.Recorded, message);
    }

    /// <summary>
    /// What the ballot is about, while it is open. An answer can also be taken back after somebody claimed the request: whether that claim acts is up to the
    /// executor, and any member can send one.
    /// </summary>
    private async ValueTask<ApprovalFile?> FindAsync(ThreadSession session, Ballot ballot)
    {
        if (session.Approvals.TryGetValue(ballot.Request, out var file) && file.Verdict == ApprovalVerdict.None)
            return file;
        if (ballot.Decision != Decision.Withdraw)
            return null;
        var row = await engine.Store.FindApprovalAsync(session.Agent.Id, session.Thread, ballot.Request, engine.Stopping).ConfigureAwait(false);
        return row is not null && ApprovalFile.Decode(row.Bytes) is { IsFollowing: true } followed ? followed : null;
    }

    /// <summary>The rule that the person votes for: the first that lists it and still lacks a yes.</summary>
    private static PolicyRule? FindRule(ThreadSession session, ApprovalFile file, ApprovalTally tally)
    {
        if (session.Agent.Keys.Approver is null || file.Request.Requester == session.Agent.Id)
            return null;
        var mine = file.Request.Rules.Where(rule => rule.Allows(session.Agent.Id)).ToList();
        return mine.Find(rule => tally.Rules.Any(count => count.RuleId == rule.RuleId && count.Yes < count.Needed)) ?? mine.FirstOrDefault();
    }

    private ApprovalStatement Statement(ThreadSession session, ApprovalFile file, PolicyRule rule, Ballot ballot, DateTimeOffset now)
    {
        Span<byte> nonce = stackalloc byte[16];
        SecureRandom.Fill(nonce);
        long issued = now.ToUnixTimeMilliseconds();
        long lifetime = (long)Math.Min(file.Request.Lifetime(session.Member.Policy)?.TotalMilliseconds ?? 0, rule.MaxLifetimeSeconds * 1000.0);
        long expires = Math.Max(issued + 1, Math.Min(issued + lifetime, file.ExpiresAt.ToUnixTimeMilliseconds()));
        return new ApprovalStatement
        {
            Decision = ballot.Decision,
            RuleId = rule.RuleId,
            Quorum = rule.Quorum,
            Thread = session.Thread,
            RequestEnvelope = file.Request.Envelope,
            Subject = file.Request.Subject,
            Approver = session.Agent.Id,
            ApproverKey = default,
            LogHead = engine.Peers.Find(session.Agent.Id)!.Head,
            IssuedAt = issued,
            ExpiresAt = expires,
            ThreadPosition = session.Member.Received,
            ThreadHash = session.Member.ThreadHash,
            Nonce = BinaryPrimitives.ReadUInt128BigEndian(nonce),
        };
    }
}
