using System.Diagnostics.CodeAnalysis;
using AgentFlow.Protocol.Crypto;
using AgentFlow.Protocol.Envelopes;
using AgentFlow.Protocol.Identity;

namespace AgentFlow.Protocol.Threads;

/// <summary>Reads epoch 0 of a thread from the prefix of its first Commit.</summary>
/// <remarks>
/// Reference: protocol.md 2.5, "Genesis". The prefix must hash to the thread id of the header; the signature is checked afterwards, in epoch 0.
/// </remarks>
internal static class GenesisReader
{
    public static bool TryReadStart(
        EnvelopeHeader header, ReadOnlySpan<byte> body, IIdentitySource identities, [NotNullWhen(true)] out ThreadEpoch? start, out ProtocolError error)
    {
        start = null;
        error = ProtocolError.Genesis;
        if (header.Kind != EnvelopeKind.Commit || header.Epoch != 0)
            return false;
        if (!Commit.TryParse(body, isGenesis: true, hasWraps: false, out var commit, out error))
            return false;
        var (random, creator, policy) = commit.Genesis!;
        error = creator.Role != (MemberRole.Member | MemberRole.Admin) || ThreadEpoch.IdOf(creator, random, policy.Hash) != header.ThreadId
            ? ProtocolError.Genesis
            : NextEpochBuilder.CheckDevice(identities, creator.Agent, creator.Device, creator.LogSeq, creator.LogHead);
        if (error != ProtocolError.None)
            return false;
        if (!AgreementKey.IsUsable(creator.LeafKey))
        {
            error = ProtocolError.Key;
            return false;
        }

        start = ThreadEpoch.Start(header.ThreadId, creator, policy);
        return true;
    }
}
