using AgentFlow.Engine;
using AgentFlow.Protocol.Approvals;
using AgentFlow.Protocol.Proofs;
using AgentFlow.Store;

namespace AgentFlow.FrontDoor;

/// <summary>
/// Writes the proof file of a decision from what an agent's store keeps: logs, the genesis, the request, the votes and the run of the thread between them.
/// </summary>
internal sealed class ProofExport(EngineServices engine)
{
    public async ValueTask<byte[]?> WriteAsync(ThreadId thread, Bytes32 requestEnvelope, CancellationToken cancellationToken)
    {
        foreach (var agent in engine.Agents.Values.OrderByDescending(agent => agent.Kind == HostedAgentKind.Agent))
        {
            if (await engine.Store.FindApprovalAsync(agent.Id, thread, requestEnvelope, cancellationToken).ConfigureAwait(false) is not { } row)
                continue;
            var file = ApprovalFile.Decode(row.Bytes);
            if (file.Verdict is ApprovalVerdict.Approved or ApprovalVerdict.Refused && await WriteAsync(agent.Id, file, cancellationToken).ConfigureAwait(false) is { } proof)
                return proof;
        }

        return null;
    }

    private async ValueTask<byte[]?> WriteAsync(AgentId agent, ApprovalFile file, CancellationToken cancellationToken)
    {
        var request = file.Request;
        var votes = VotesOf(file);
        var genesis = await engine.Store.ReadHistoryAsync(agent, request.Thread, 0, 1, cancellationToken).ConfigureAwait(false);
        var asked = await engine.Store.FindHistoryAsync(agent, request.Thread, request.Envelope, cancellationToken).ConfigureAwait(false);
        if (votes.Count == 0 || genesis is not [{ Record: { } first }] || asked?.Record is not { } record)
            return null;
        byte[] commit = [.. first.Header.Span, .. first.Plaintext.Span, .. first.Trailer.Span];
        var builder = new ProofBuilder()
            .AddCommit(commit)
            .SetRequest(record.Header.Span, record.Context, record.CommitmentKey.Span, record.Plaintext.Span, record.Trailer.Span)
            .SetRun(await RunAsync(agent, file, votes.Max(vote => vote.Approval.Statement.ThreadPosition), cancellationToken).ConfigureAwait(false));
        foreach (var member in Protocol.Threads.GenesisInvitation.TryRead(commit, out var invitation, out _) ? invitation.Invited.Append(invitation.Creator) : [])
            builder.AddIdentityLog(engine.Peers.Find(member.Agent)!);
        foreach (var vote in votes)
            builder.AddIdentityLog(engine.Peers.Find(vote.Approver)!).AddApproval(vote.Approval);
        return builder.ToArray();
    }

    private List<CountedVote> VotesOf(ApprovalFile file)
    {
        var facts = new ApprovalFacts(file.Request.Policy, engine.Peers);
        long before = file.OwnClaim is { } own ? file.Book.Claims.FirstOrDefault(claim => claim.Envelope == own)?.Position ?? long.MaxValue : long.MaxValue;
        var tally = file.Book.Evaluate(facts, file.DecidedAt.ToUnixTimeMilliseconds(), before);
        return [.. tally.Votes.Where(vote => vote.Standing == VoteStanding.Counts && vote.Decision is Decision.Yes or Decision.No)];
    }

    private async ValueTask<ThreadRun> RunAsync(AgentId agent, ApprovalFile file, long last, CancellationToken cancellationToken)
    {
        long from = file.Request.Position;
        int count = checked((int)(last - from + 2));
        var hashes = await engine.Store.ReadHashesAsync(agent, file.Request.Thread, from - 1, count, cancellationToken).ConfigureAwait(false);
        return new ThreadRun(from, hashes[0].ThreadHash, [.. hashes.Skip(1).Select(hash => hash.Envelope)]);
    }
}
