using System.Diagnostics.CodeAnalysis;
using AgentFlow.Protocol.Envelopes;

namespace AgentFlow.Protocol.Threads;

/// <summary>
/// What the first Commit of a thread claims about its members, before anything is verified: it says whose identity logs are needed to verify it.
/// </summary>
/// <param name="Thread">The thread that its header names.</param>
/// <param name="Creator">The creator's entry.</param>
/// <param name="Invited">The entries of the devices that it adds; each names the prekey by which it is added.</param>
public sealed record GenesisInvitation(ThreadId Thread, RosterEntry Creator, IReadOnlyList<RosterEntry> Invited)
{
    /// <summary>Reads the envelope at position 1, which may be hostile.</summary>
    /// <param name="genesis">The envelope.</param>
    /// <param name="invitation">What it claims.</param>
    /// <param name="error">Why it cannot be read.</param>
    public static bool TryRead(ReadOnlySpan<byte> genesis, [NotNullWhen(true)] out GenesisInvitation? invitation, out ProtocolError error)
    {
        invitation = null;
        if (!EnvelopeView.TryRead(genesis, out var view, out error))
            return false;
        error = ProtocolError.Genesis;
        if (view.Header.Kind != EnvelopeKind.Commit || view.Header.Epoch != 0
            || !Commit.TryParse(view.Body, isGenesis: true, hasWraps: true, out var commit, out error))
            return false;
        var added = commit.Changes.OfType<AddLeaf>().Select(add => add.Entry);
        invitation = new GenesisInvitation(view.Header.ThreadId, commit.Genesis!.Creator, [.. added]);
        error = ProtocolError.None;
        return true;
    }
}
