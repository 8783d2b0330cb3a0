using AgentFlow.Contracts;
using AgentFlow.Diagnostics;
using AgentFlow.Dispatch;
using AgentFlow.Protocol.Frames;
using AgentFlow.Protocol.Identity;
using AgentFlow.Protocol.Threads;
using AgentFlow.Storage;
using AgentFlow.Store;

namespace AgentFlow.Engine;

/// <summary>Starts threads for the app: members, policy, genesis and first message in one transaction, durable before the caller knows the thread.</summary>
internal sealed class ThreadStarter(EngineServices engine, EngineParts parts, HostedAgent app)
{
    public async ValueTask<ThreadId> StartAsync(ContractEntry contract, object message, string? idempotencyKey, CancellationToken cancellationToken)
    {
        if (idempotencyKey is not null && await StartKeys.FindAsync(
            engine.Store, app.Id, idempotencyKey, cancellationToken).ConfigureAwait(false) is { } standing)
            return standing;
        var plan = ThreadPlan.For(contract, engine);
        var members = await MembersAsync(plan, cancellationToken).ConfigureAwait(false);
        var policy = ThreadPolicy.Create(plan.Rules, CatalogueHash());
        var (member, thread, genesis, bytes) = MemberSession.Create(app.Keys, policy, members, engine.Now);
        var session = new ThreadSession(engine, app, thread, member, version: 0);
        try
        {
            // Held before anything is durable: if this process dies, the others find the thread by its lease.
            using var hold = await engine.Leases.HoldAsync(session.Key, cancellationToken).ConfigureAwait(false);
            session.Fence = hold.Fence;
            await CommitAsync(session, genesis, bytes, contract, message, idempotencyKey).ConfigureAwait(false);
        }
        catch (SessionStaleException exception) when (exception.Status == AgentCommitStatus.JournalExists)
        {
            session.Dispose();
            return new ThreadId(exception.Result!.Journal.Span);
        }
        catch
        {
            session.Dispose();
            throw;
        }

        Telemetry.ActiveThreads.Add(1);
        Log.ThreadStarted(engine.Logger, thread, contract.ToString(), members.Count + 1);
        session.Dispose();
        return thread;
    }

    private async ValueTask CommitAsync(
        ThreadSession session, IncomingEnvelope genesis, byte[] bytes, ContractEntry contract, object message, string? idempotencyKey)
    {
        var id = MessageId.New(engine.Now);
        session.Add(new AgentOp.CreateThread(engine.Now, contract.ToString()));
        session.Add(new AgentOp.AddHistory(1, genesis.Digest, genesis.ThreadHash, HistoryStatus.Opened, genesis.Record));
        session.MoveCursor(new FramePosition(2, 0));
        session.SendGenesis(genesis.Record!.MessageId, genesis.Digest, bytes);
        var cause = new MessageCause { Thread = session.Thread, Position = 0, Frame = 0, MessageId = default, Sender = app.Id, SentAt = 0, Envelope = default, Correlation = id };
        parts.Sealer.SendOne(session, id, contract, message, cause);
        FailPoint.Hit(FailPoints.BeforeStartCommit);
        await session.CommitAsync(idempotencyKey is null ? [] : [StartKeys.Claim(app.Id, idempotencyKey, session.Thread)]).ConfigureAwait(false);
        FailPoint.Hit(FailPoints.AfterStartCommit);
    }

    private async ValueTask<IReadOnlyList<InvitedMember>> MembersAsync(ThreadPlan plan, CancellationToken cancellationToken)
    {
        var approvers = plan.Rules.SelectMany(rule => rule.Approvers).ToHashSet();
        InvitedMember Invite(IdentityLog log, KeyBundle bundle) =>
            new(log, bundle, approvers.Contains(log.Agent) ? MemberRole.Member | MemberRole.Approver : MemberRole.Member);
        var members = plan.Agents.Where(agent => agent.Id != app.Id).OrderBy(agent => agent.Name, StringComparer.Ordinal)
            .Select(agent => Invite(agent.Keys.Log, agent.Keys.Bundle)).ToList();
        var remote = new HashSet<AgentId>(plan.RemoteApprovers);
        foreach (string name in plan.RemoteNames)
            remote.Add(await ResolveAsync(name, cancellationToken).ConfigureAwait(false));
        foreach (var agent in remote.Where(agent => !engine.Agents.ContainsKey(agent)).Order())
        {
            var bundle = await engine.Peers.RefreshAsync(agent, cancellationToken).ConfigureAwait(false)
                ?? throw new AgentFlowException("agent.unverified", $"The hub has no identity log and key bundle of {agent} that verify.");
            members.Add(Invite(engine.Peers.Find(agent)!, bundle));
        }

        return members;
    }

    /// <summary>Whom the hub names, if that agent's own log says the same name, and no agent of this name was known before: the first answer is pinned.</summary>
    private async ValueTask<AgentId> ResolveAsync(string name, CancellationToken cancellationToken)
    {
        var agent = await app.Hub.ResolveNameAsync(name, cancellationToken).ConfigureAwait(false)
            ?? throw new AgentFlowException(
                "agent.unknown", $"The hub knows no agent '{name}', which a [Route] names or another process hosts. Start that process once, then start the thread.");
        if (engine.Peers.Find(agent) is null)
            await engine.Peers.RefreshAsync(agent, cancellationToken).ConfigureAwait(false);
        if (engine.Peers.Find(agent)?.Name != name || engine.Peers.IsNameOfAnother(name, agent))
        {
            throw new AgentFlowException(
                "agent.name", $"The hub says that '{name}' is {agent}, and that agent's identity log, or an agent known by this name before, says otherwise. The hub lies, or its store was replaced.");
        }

        return agent;
    }

    private Bytes32 CatalogueHash() => Catalogue.Hash(
        engine.Catalogue.Entries.Select(entry => new CatalogueEntry(entry.Id, entry.Major, 0, FrameCodec.Protobuf, entry.SchemaHash)));
}
