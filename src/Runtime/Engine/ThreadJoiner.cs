using AgentFlow.Diagnostics;
using AgentFlow.Protocol;
using AgentFlow.Protocol.Hub;
using AgentFlow.Protocol.Threads;
using AgentFlow.Store;

namespace AgentFlow.Engine;

/// <summary>Takes a thread in that another agent started with this one as a member.</summary>
internal sealed class ThreadJoiner(EngineServices engine)
{
    /// <summary>Joins, durably; null where the genesis is not one that this agent accepts.</summary>
    public async ValueTask<ThreadSession?> JoinAsync(HostedAgent agent, ThreadId thread, StoredEnvelope genesis, long? fence)
    {
        if (!GenesisInvitation.TryRead(genesis.Envelope.Span, out var invitation, out var error))
            return Refuse(agent, thread, error.ToString());

        // The creator wrote the policy, and so named who approves: its word is taken only where it is trusted.
        var creator = invitation.Creator.Agent;
        if (!engine.Agents.ContainsKey(creator) && !engine.Options.AcceptThreadsFrom.Contains(creator))
            return Refuse(agent, thread, $"its creator {creator} is not accepted; list it in AgentFlowOptions.AcceptThreadsFrom");
        if (agent.Kind == HostedAgentKind.Agent && invitation.Invited.Any(entry => entry.Device == agent.Keys.Device.PublicKey && !entry.IsMember))
            return Refuse(agent, thread, "it was added to read only, and its handlers have to send");
        await engine.Peers.EnsureAsync([invitation.Creator, .. invitation.Invited], engine.Stopping).ConfigureAwait(false);
        bool isJoined = MemberSession.TryJoin(thread, genesis, invitation, agent.Keys, engine.Peers, out var member, out error);

        // The prekey may be one that another process of this agent made.
        if (!isJoined && error == ProtocolError.Locked && await engine.KeyRing.TakeNewerAsync(agent.Keys, engine.Stopping).ConfigureAwait(false))
            isJoined = MemberSession.TryJoin(thread, genesis, invitation, agent.Keys, engine.Peers, out member, out error);
        if (!isJoined || member is null)
        {
            // A log may come yet. Whoever called tries again, and nothing is acknowledged until then.
            if (error == ProtocolError.MissingLog)
                throw new AgentFlowException(
                    "thread.log-missing", $"The hub gives out no identity log that holds an entry named by the first envelope of {thread}.");
            return Refuse(agent, thread, error == ProtocolError.Locked ? "the prekey that it was added by is not kept any more" : error.ToString());
        }

        var first = member.DescribeGenesis(genesis, creator);
        var session = new ThreadSession(engine, agent, thread, member, version: 0) { Fence = fence };
        session.Add(new AgentOp.CreateThread(ClaimedTime.Of(MemberSession.TimeOf(first.Record!))));
        session.Add(new AgentOp.AddHistory(1, first.Digest, first.ThreadHash, HistoryStatus.Opened, first.Record));
        session.MoveCursor(new FramePosition(2, 0));
        session.Touch();
        await session.CommitAsync().ConfigureAwait(false);
        Log.ThreadJoined(engine.Logger, agent.Name, thread);
        return session;
    }

    private ThreadSession? Refuse(HostedAgent agent, ThreadId thread, string reason)
    {
        Log.JoinRefused(engine.Logger, agent.Name, thread, reason);
        return null;
    }
}
