using System.Buffers;

namespace AgentFlow.Protocol.Approvals;

/// <summary>Everything that a member has seen about one request: its statements and claims by position. Counts votes, says who may act.</summary>
/// <remarks>
/// Reference: protocol.md 2.10. Pure state: time, policies, logs and thread hashes come in with each question, so the answer is the one of that moment, and
/// the same facts give the same answer on every member. What fails a rule that cannot change is not kept. Not thread-safe.
/// </remarks>
public sealed class ApprovalBook
{
    /// <summary>How many statements are kept of a person whose log is not known that far: their keys may be invented, by whoever carried them.</summary>
    internal const int UnknownKept = 4;

    private readonly List<BookedStatement> _statements;
    private readonly List<ApprovalClaim> _claims;

    /// <summary>Begins a book.</summary>
    /// <param name="request">The request.</param>
    public ApprovalBook(ApprovalRequest request)
        : this(request, [], [])
    {
    }

    internal ApprovalBook(ApprovalRequest request, List<BookedStatement> statements, List<ApprovalClaim> claims)
    {
        ArgumentNullException.ThrowIfNull(request);
        Request = request;
        _statements = statements;
        _claims = claims;
    }

    /// <summary>The request.</summary>
    public ApprovalRequest Request { get; }

    /// <summary>The claims seen so far, by position.</summary>
    public IReadOnlyList<ApprovalClaim> Claims => _claims;

    internal IReadOnlyList<BookedStatement> Statements => _statements;

    /// <summary>Takes the payload of an <c>agentflow.approval@1</c> frame in; it may be hostile. Taking the same one again changes nothing.</summary>
    /// <param name="position">The position of the envelope that carried it.</param>
    /// <param name="payload">The payload of the frame.</param>
    /// <param name="facts">The own view of the thread.</param>
    /// <param name="now">The time, in Unix milliseconds.</param>
    /// <returns>Whether it counts now, or the first rule that it fails now. A later count may differ, as time and logs go on.</returns>
    public VoteResult Add(long position, ReadOnlySpan<byte> payload, IApprovalFacts facts, long now)
    {
        ArgumentNullException.ThrowIfNull(facts);
        if (!SignedApproval.TryParse(payload, out var approval, out _))
            return VoteResult.Form;
        var lasting = VoteRules.CheckLasting(Request, approval!, position, facts);
        var present = CheckPresent(approval!.Statement, facts, now);
        if (lasting != VoteResult.Counts)
            return present != VoteResult.Counts && present < lasting ? present : lasting;
        if (FindCopy(approval) >= 0)
            return VoteResult.Copy;
        if (!Keeps(approval.Statement, position, facts, out var refusal))
            return present != VoteResult.Counts ? present : refusal == VoteResult.LaterVote ? Place(approval, facts, now) : refusal;
        bool isFinal = approval.Statement.Decision == Decision.Withdraw && present == VoteResult.Counts;
        _statements.Insert(_statements.FindLastIndex(s => s.Position <= position) + 1, new BookedStatement(position, approval, isFinal));
        return present != VoteResult.Counts || isFinal ? present : Place(approval, facts, now);
    }

    /// <summary>Takes the claim of an agent in. The lowest of each agent is kept; one below the request changes nothing.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="requestEnvelope">E of the request that it claims.</param>
    /// <returns>Whether it is now the lowest claim of its agent.</returns>
    public bool AddClaim(ApprovalClaim claim, Bytes32 requestEnvelope)
    {
        ArgumentNullException.ThrowIfNull(claim);
        if (requestEnvelope != Request.Envelope || claim.Position <= Request.Position
            || _claims.Exists(c => c.Agent == claim.Agent && c.Position <= claim.Position))
            return false;
        _claims.RemoveAll(c => c.Agent == claim.Agent);
        _claims.Insert(_claims.FindLastIndex(c => c.Position <= claim.Position) + 1, claim);
        return true;
    }

    /// <summary>The lowest claim of an agent: the only one of that agent that may act. Null where there is none.</summary>
    public ApprovalClaim? FindClaim(AgentId agent) => _claims.Find(c => c.Agent == agent);

    /// <summary>Counts the votes as of now.</summary>
    /// <param name="facts">The own view of the thread.</param>
    /// <param name="now">The time, in Unix milliseconds.</param>
    /// <param name="before">Only what stands below this position counts: the position of the own claim, once there is one.</param>
    public ApprovalTally Evaluate(IApprovalFacts facts, long now, long before = long.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return ApprovalCounting.Count(Request, _statements.Where(s => s.Position < before), facts, now);
    }

    /// <summary>Asks whether an agent may claim the request (before its claim stands), or act on it (after).</summary>
    /// <remarks>Ask again just before acting: a claim does not keep votes from expiring, nor keys from being revoked.</remarks>
    /// <param name="execution">What the agent knows of its thread.</param>
    /// <param name="facts">The own view of the thread.</param>
    /// <param name="now">The time, in Unix milliseconds.</param>
    /// <param name="tally">The count that the answer rests on.</param>
    public ExecutionResult CheckExecution(in ExecutionFacts execution, IApprovalFacts facts, long now, out ApprovalTally tally)
    {
        var lowest = FindClaim(execution.Agent);
        var own = execution.OwnClaim is { } envelope ? _claims.Find(c => c.Envelope == envelope) : null;
        long before = own?.Position ?? long.MaxValue;
        tally = Evaluate(facts, now, before);
        if (Request.Target is { } target && target != execution.Agent)
            return ExecutionResult.NotTarget;
        if (Request.Position < execution.JoinPosition)
            return ExecutionResult.JoinedLater;
        if (lowest is not null && lowest != own)
            return ExecutionResult.ClaimedElsewhere;
        if (execution.OwnClaim is not null && own is null)
            return ExecutionResult.ClaimPending;
        if (execution.ProcessedThrough < (own is null ? execution.KnownHead : own.Position))
            return ExecutionResult.Unprocessed;
        if (execution.FirstUnreadableAfterRequest is { } unreadable && unreadable < before)
            return ExecutionResult.Unreadable;
        return tally.Status == ApprovalStatus.Met ? ExecutionResult.Allowed : ExecutionResult.NotMet;
    }

    /// <summary>Writes the state, to be read by <see cref="TryReadState"/>. It holds reasons in clear: the caller seals it.</summary>
    public void WriteState(IBufferWriter<byte> destination) => ApprovalBookState.Write(this, destination);

    /// <summary>Reads a state that <see cref="WriteState"/> wrote.</summary>
    /// <param name="bytes">The state.</param>
    /// <param name="book">The book, or null.</param>
    public static bool TryReadState(ReadOnlySpan<byte> bytes, out ApprovalBook? book) => ApprovalBookState.TryRead(bytes, out book);

    private int FindCopy(SignedApproval approval) => _statements.FindIndex(s => s.Approval.Statement == approval.Statement);

    /// <summary>
    /// Whether a statement can still matter. Without this, any member could fill the book with statements of keys that it invents: what can never count is
    /// dropped, of each key only the first vote for a rule is kept, of each person one final withdrawal, and of keys that no known log can judge only a few.
    /// </summary>
    private bool Keeps(ApprovalStatement statement, long position, IApprovalFacts facts, out VoteResult refusal)
    {
        var log = facts.Find(statement.Approver);
        bool isWithdrawal = statement.Decision == Decision.Withdraw;
        var ofPerson = _statements.Where(s => s.Approval.Statement.Approver == statement.Approver).ToList();
        refusal = VoteResult.Rule;
        if (!Request.Rules.Any(rule => rule.Allows(statement.Approver)))
            return false;
        refusal = VoteResult.Key;
        if (ApproverKeys.CanNeverBeLive(log, statement))
            return false;
        if (!ApproverKeys.IsHeadKnown(log, statement))
            return ofPerson.Count(s => !ApproverKeys.IsHeadKnown(log, s.Approval.Statement)) < UnknownKept;
        refusal = isWithdrawal ? VoteResult.Withdrawn : VoteResult.LaterVote;
        return isWithdrawal
            ? !ofPerson.Exists(s => s.IsFinal)
            : !ofPerson.Exists(s => s.Position <= position && s.Approval.Statement.Decision != Decision.Withdraw
                && (s.Approval.Statement.ApproverKey, s.Approval.Statement.RuleId) == (statement.ApproverKey, statement.RuleId)
                && ApproverKeys.IsLive(log!, s.Approval.Statement));
    }

    private VoteResult CheckPresent(ApprovalStatement statement, IApprovalFacts facts, long now)
    {
        if (statement.Decision != Decision.Withdraw && !VoteRules.FitsRules(Request, statement, facts.CurrentPolicy))
            return VoteResult.Rule;
        if (!VoteRules.HasLiveKey(statement, facts))
            return VoteResult.Key;
        return statement.Decision == Decision.Yes
            && !VoteRules.IsInTime(statement, EffectiveRule.Of(Request, facts.CurrentPolicy, statement.RuleId)!.Value, now)
            ? VoteResult.Time
            : VoteResult.Counts;
    }

    private VoteResult Place(SignedApproval approval, IApprovalFacts facts, long now)
    {
        var vote = Evaluate(facts, now).Votes.FirstOrDefault(v => v.Approver == approval.Statement.Approver);
        return vote is null ? VoteResult.Withdrawn : vote.Approval == approval ? VoteResult.Counts : VoteResult.LaterVote;
    }
}
