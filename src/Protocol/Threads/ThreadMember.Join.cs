using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using AgentFlow.Protocol.Crypto;
using AgentFlow.Protocol.Envelopes;

namespace AgentFlow.Protocol.Threads;

public sealed partial class ThreadMember
{
    /// <summary>Joins a thread from its first Commit, which adds the own device.</summary>
    /// <param name="genesis">The envelope at position 1.</param>
    /// <param name="expected">The thread id from the invitation.</param>
    /// <param name="inviter">The agent that invited, which must be the thread's creator.</param>
    /// <param name="device">The own device key.</param>
    /// <param name="prekeys">The own prekeys whose private parts are still kept. Where none fits, the member is locked.</param>
    /// <param name="checks">The surroundings, with the logs of all members.</param>
    /// <param name="member">The member, at position 1.</param>
    /// <param name="error">Why it was refused.</param>
    public static bool TryJoin(
        ReadOnlySpan<byte> genesis, ThreadId expected, AgentId inviter, Bytes32 device, IEnumerable<AgreementKey> prekeys, ThreadChecks checks,
        [NotNullWhen(true)] out ThreadMember? member, out ProtocolError error)
    {
        member = null;
        if (!PublicThread.TryStart(genesis, checks, out var thread, out error))
            return false;
        int ownSlot = FindSlot(thread.Epoch.Roster, device);
        error = thread.ThreadId != expected || thread.Epoch.Roster[0].Entry.Agent != inviter ? ProtocolError.Genesis
            : ownSlot < 1 ? ProtocolError.UnknownLeaf
            : ProtocolError.None;
        if (error != ProtocolError.None)
            return false;

        var slot = thread.Epoch.Roster[ownSlot];
        byte[] secrets = AllocateSecrets(thread.Epoch.Roster.Count);
        var prekey = prekeys.FirstOrDefault(key => key.PublicKey == slot.Entry.LeafKey);
        bool isOpen = prekey is not null && TryOpenWrap(genesis, thread.Epoch, slot, prekey, secrets);
        member = new ThreadMember(thread, ownSlot, secrets, isLocked: !isOpen, new InFlightEnvelopes(), SystemRandom.Instance);
        return true;
    }

    private static bool TryOpenWrap(ReadOnlySpan<byte> genesis, ThreadEpoch epoch, in RosterSlot slot, AgreementKey prekey, Span<byte> secrets)
    {
        if (!EnvelopeView.TryRead(genesis, out var view, out _) || !Commit.TryParse(view.Body, isGenesis: true, hasWraps: true, out var commit, out _))
            return false;

        // No later Commit is accepted, so nothing else is ever sealed to the leaf key: the state never holds it.
        Span<byte> leafKey = stackalloc byte[KeySize], epochSecret = stackalloc byte[EpochSecret.Size];
        prekey.ExportSeed(leafKey);
        bool isOpen = EpochSecret.TryUnwrap(epoch, commit, slot.Leaf, leafKey, slot.Entry.LeafKey, epochSecret);
        CryptographicOperations.ZeroMemory(leafKey);
        if (isOpen)
            EpochSecret.DeriveChains(epoch, epochSecret, secrets[KeySize..]);
        CryptographicOperations.ZeroMemory(epochSecret);
        return isOpen;
    }
}
