using AgentFlow.Protocol.Approvals;

namespace AgentFlow.Protocol.Proofs;

/// <summary>Verifies a proof file offline: it needs no key, no store and no network, and does everything that the auditor of protocol.md 2.10 does.</summary>
/// <remarks>
/// A file is accepted only in its one canonical form, so that a change of any single byte of an accepted file is refused: logs and statements ascend by agent
/// id, every log is used, the Commits end with the request's epoch, a statement's position is the first one that its thread hash allows, and a run ends with
/// the last thread hash that a statement names. See docs/decisions/0001-canonical-proof-files.md. Thread-safe.
/// </remarks>
public static class ProofVerifier
{
    /// <summary>Verifies a file.</summary>
    /// <param name="file">The whole file; it may be hostile.</param>
    /// <param name="expected">What the auditor knows from elsewhere.</param>
    /// <exception cref="ArgumentException">Nothing is expected.</exception>
    public static ProofVerdict Verify(ReadOnlyMemory<byte> file, ProofExpectations expected)
    {
        ArgumentNullException.ThrowIfNull(expected);
        expected.Require();
        if (!ProofFile.TryRead(file, out var proof, out var refusal))
            return Refused(refusal);
        if (!ProofIdentities.TryRead(proof!.IdentityLogs, out var identities, out var error))
            return Refused(ProofRefusal.IdentityLog, error);
        if (!ProofThread.TryRead(proof.Commits.Span, identities, out var thread, out refusal, out error))
            return Refused(refusal, error);
        if (expected.Thread is { } expectedThread && thread!.Current.ThreadId != expectedThread)
            return Refused(ProofRefusal.UnexpectedThread);
        if (expected.Creator is { } creator && thread!.Creator != creator)
            return Refused(ProofRefusal.UnexpectedCreator);
        if (!ProofRequest.TryRead(proof.Request.Span, thread!.Current, out var request, out refusal, out error))
            return Refused(refusal, error);
        if (expected.Digest is { } digest && request!.Request.Subject != digest)
            return Refused(ProofRefusal.UnexpectedDigest);
        if (!ProofVotes.TryRead(proof.Approvals, request!.Request, thread, identities, expected.Approvers, out var votes, out refusal, out var failedRule))
            return new ProofVerdict(refusal, ProtocolError.Approval, failedRule, null);
        if (!identities.AreAllUsed)
            return Refused(ProofRefusal.UnusedIdentityLog);
        if (ProofVotes.Decide(request.Request, votes) is not { } decision)
            return Refused(ProofRefusal.Undecided);
        long position = 1;
        refusal = proof.Run is { } run ? ProofOrder.Check(run.Span, thread, request, votes, out position) : ProofRefusal.None;
        if (refusal != ProofRefusal.None)
            return Refused(refusal);
        return new ProofVerdict(ProofRefusal.None, ProtocolError.None, VoteResult.Counts, new VerifiedProof
        {
            Decision = decision,
            Request = request.Request with { Position = position },
            Creator = thread.Creator,
            SchemaHash = request.SchemaHash,
            Payload = request.Payload,
            RequestedAt = request.Time,
            Votes = votes,
            IsOrderProven = proof.Run is not null,
        });
    }

    private static ProofVerdict Refused(ProofRefusal refusal, ProtocolError detail = ProtocolError.Proof) => new(refusal, detail, VoteResult.Counts, null);
}
