using AgentFlow.Diagnostics;
using AgentFlow.Protocol.Identity;

namespace AgentFlow.Engine;

/// <summary>
/// Keeps a thread from sending while a pinned log shows a device of its roster revoked: what it sent, that device could read. Reference: protocol.md 2.5. Only
/// a Commit that removes the device ends that, and this release makes none, so the thread is parked for people to see.
/// </summary>
internal static class RevokedLeaves
{
    /// <summary>Parks the thread, durably, if a device of its roster is revoked.</summary>
    /// <returns>Whether nothing may be sent.</returns>
    public static async ValueTask<bool> ParkAsync(EngineServices engine, ThreadSession session)
    {
        if (Find(engine, session) is not { } agent)
            return false;
        if (session.Outcome == ThreadOutcome.Running)
        {
            session.SetOutcome(ThreadOutcome.Parked, ReasonOf(engine, agent));
            await session.CommitAsync().ConfigureAwait(false);
            Log.DeviceRevoked(engine.Logger, session.Agent.Name, session.Thread, agent);
        }

        return true;
    }

    /// <summary>Why a call that would send cannot.</summary>
    public static string ReasonOf(EngineServices engine, AgentId agent) =>
        $"device.revoked: a device of '{engine.NameOf(agent)}' in this thread was revoked, so nothing is sent any more; start a new thread";

    private static AgentId? Find(EngineServices engine, ThreadSession session)
    {
        int changes = engine.Peers.Changes;
        if (session.RosterChecked == changes)
            return session.RevokedMember;
        AgentId? revoked = null;
        foreach (var slot in session.Member.Roster.Slots)
        {
            if (engine.Peers.Find(slot.Entry.Agent) is { } log && log.TryGetKeyAt(log.HeadSeq, slot.Entry.Device, out var key)
                && !key.Allows(KeyUsage.MessageDevice))
                revoked ??= slot.Entry.Agent;
        }

        (session.RosterChecked, session.RevokedMember) = (changes, revoked);
        return revoked;
    }
}
