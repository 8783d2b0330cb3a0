using AgentFlow.Protocol.Approvals;

namespace AgentFlow.Protocol.Proofs;

/// <summary>Where the request stands, by the run of thread hashes that the people's statements vouch for.</summary>
internal static class ProofOrder
{
    /// <param name="section">Section 5.</param>
    /// <param name="thread">The thread.</param>
    /// <param name="request">The request.</param>
    /// <param name="votes">The statements, at least one.</param>
    /// <param name="position">The position of the request.</param>
    /// <returns><see cref="ProofRefusal.None"/>, or what is wrong.</returns>
    public static ProofRefusal Check(ReadOnlySpan<byte> section, ProofThread thread, ProofRequest request, List<ApprovalStatement> votes, out long position)
    {
        position = 0;
        if (!ThreadRun.TryParse(section, out var run))
            return ProofRefusal.Run;
        if (run!.First == 1 && (run.Before != thread.Start.Context || run.Envelopes[0] != thread.GenesisEnvelope))
            return ProofRefusal.Run;

        // Every byte of the run lies under the last thread hash that a person signed, so none of it rests on the word of whoever made the file.
        if (run.Last != votes.Max(v => v.ThreadPosition))
            return ProofRefusal.RunEnd;
        var hashes = run.ComputeHashes();
        int index = run.Envelopes.IndexOf(request.Request.Envelope);
        if (index < 0)
            return ProofRefusal.RunRequest;
        position = run.First + index;
        if (request.AckSeq >= (ulong)position || !Agrees(run, hashes, (long)request.AckSeq, request.AckHash))
            return ProofRefusal.RunRequest;
        foreach (var vote in votes)
        {
            if (vote.ThreadPosition < position || !Agrees(run, hashes, vote.ThreadPosition, vote.ThreadHash))
                return ProofRefusal.RunEnd;
        }

        return ProofRefusal.None;
    }

    /// <summary>Whether T at a position is the given one; positions before the run are not known and agree.</summary>
    private static bool Agrees(ThreadRun run, Bytes32[] hashes, long position, Bytes32 hash) =>
        position < run.First - 1 || hashes[position - run.First + 1] == hash;

    private static int IndexOf(this IReadOnlyList<Bytes32> envelopes, Bytes32 envelope)
    {
        for (int i = 0; i < envelopes.Count; i++)
        {
            if (envelopes[i] == envelope)
                return i;
        }

        return -1;
    }
}
