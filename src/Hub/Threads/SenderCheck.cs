using AgentFlow.Protocol.Envelopes;
using AgentFlow.Protocol.Hub;
using AgentFlow.Protocol.Threads;

namespace AgentFlow.Hub.Threads;

/// <summary>Whether who brings an envelope is who sealed it. What it sealed is checked elsewhere.</summary>
internal static class SenderCheck
{
    /// <summary>Why the caller may not append the envelope, or null.</summary>
    public static HubStatus? Refuse(PublicThread thread, AgentId caller, ReadOnlySpan<byte> envelope)
    {
        var roster = thread.Epoch.Roster;
        bool isKnown = roster.TryFind(envelope.Length >= EnvelopeHeader.Size ? new EnvelopeHeader(envelope).Leaf : uint.MaxValue, out var sender);
        if (isKnown && sender.Entry.Agent == caller)
            return null;
        if (!roster.Contains(caller))
            return HubStatus.NotMember;
        return isKnown ? HubStatus.Denied : null;
    }
}
