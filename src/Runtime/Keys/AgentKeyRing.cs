using System.Runtime.InteropServices;
using System.Security.Cryptography;
using AgentFlow.Storage;
using AgentFlow.Store;

namespace AgentFlow.Keys;

/// <summary>Makes, loads and renews the identities of this process's agents. Thread-safe. A write is one row, so a crash leaves the old identity or the new one.</summary>
internal sealed class AgentKeyRing(IAgentStore store, TimeProvider time)
{
    /// <summary>Loads all agents of the store. The caller disposes them.</summary>
    /// <exception cref="KeyException">One does not verify.</exception>
    public async ValueTask<IReadOnlyList<LocalAgent>> LoadAllAsync(CancellationToken cancellationToken)
    {
        var agents = new List<LocalAgent>();
        foreach (var record in await store.ListAgentsAsync(cancellationToken).ConfigureAwait(false))
            agents.Add(Open(record));
        return agents;
    }

    /// <summary>Loads an agent by name, ready to be registered: made if there is none, with an approver key if it is a person, with a prekey younger than a day. The caller disposes it.</summary>
    /// <param name="name">The name: one agent each in a store.</param>
    /// <param name="isPerson">Whether it may approve. An agent that has an approver key keeps it.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="KeyException">What the store holds does not verify, or a person's key cannot be added.</exception>
    public async ValueTask<LocalAgent> LoadOrCreateAsync(string name, bool isPerson, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        while (true)
        {
            var agent = await FindAsync(name, cancellationToken).ConfigureAwait(false);
            var next = agent is null ? IdentityFactory.Create(name, isPerson, time.GetUtcNow())
                : isPerson && !agent.IsPerson ? IdentityFactory.MakePerson(agent, time.GetUtcNow())
                : NeedsRenewal(agent) ? IdentityFactory.RenewPrekey(agent, time.GetUtcNow())
                : null;
            if (next is null)
                return agent!;

            // Another process or caller that was faster is read in the next round; so is what this one wrote.
            agent?.Dispose();
            await PutAsync(next, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Whether the newest prekey is a day old.</summary>
    public bool NeedsRenewal(LocalAgent agent) => time.GetUtcNow().ToUnixTimeMilliseconds() - agent.Bundle.Created >= (long)IdentityFactory.PrekeyRenewal.TotalMilliseconds;

    /// <summary>When the prekey of an agent is to be replaced next.</summary>
    public static DateTimeOffset RenewalOf(LocalAgent agent) => DateTimeOffset.FromUnixTimeMilliseconds(agent.Bundle.Created) + IdentityFactory.PrekeyRenewal;

    /// <summary>Gives an opened agent a new prekey where it is time; the caller publishes the bundle.</summary>
    /// <returns>Whether it has a new one.</returns>
    /// <exception cref="KeyException">The agent is not in the store any more, or does not verify.</exception>
    public async ValueTask<bool> RenewAsync(LocalAgent agent, CancellationToken cancellationToken)
    {
        bool isRenewed = false;
        while (NeedsRenewal(agent))
        {
            // What stands afterwards is taken, also where another writer was faster.
            await PutAsync(IdentityFactory.RenewPrekey(agent, time.GetUtcNow()), cancellationToken).ConfigureAwait(false);
            using var later = await FindAsync(agent.Name, cancellationToken).ConfigureAwait(false)
                ?? throw new KeyException("keys.missing", $"The agent '{agent.Name}' is not in the store any more. Restore the store from a backup.");
            agent.TakePrekeys(later);
            isRenewed = true;
        }

        return isRenewed;
    }

    /// <summary>Takes the prekeys over that another process of the same agent has made since.</summary>
    /// <returns>Whether there were any.</returns>
    /// <exception cref="KeyException">What the store holds does not verify.</exception>
    public async ValueTask<bool> TakeNewerAsync(LocalAgent agent, CancellationToken cancellationToken)
    {
        using var standing = await FindAsync(agent.Name, cancellationToken).ConfigureAwait(false);
        if (standing is null || standing.Record.Version <= agent.Record.Version)
            return false;
        agent.TakePrekeys(standing);
        return true;
    }

    /// <summary>Hands out the keys that belong offline and then erases them from the store. If <paramref name="write"/> throws, nothing is erased.</summary>
    /// <returns>False where the agent has none in this store.</returns>
    public async ValueTask<bool> ExportOfflineKeysAsync(string name, Func<OfflineKeys, ValueTask> write, CancellationToken cancellationToken)
    {
        using var agent = await FindAsync(name, cancellationToken).ConfigureAwait(false);
        if (agent is not { HoldsOfflineKeys: true })
            return false;
        await write(new OfflineKeys(agent.Agent, agent.Name, agent.Secrets.NextRoot, agent.Secrets.Recovery)).ConfigureAwait(false);
        return await PutAsync(IdentityFactory.WithoutOfflineKeys(agent), cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<LocalAgent?> FindAsync(string name, CancellationToken cancellationToken)
    {
        LocalAgent? found = null;
        foreach (var record in await store.ListAgentsAsync(cancellationToken).ConfigureAwait(false))
        {
            if (string.Equals(record.Name, name, StringComparison.OrdinalIgnoreCase))
                found = Open(record);
            else
                Zero(record);
        }

        return found;
    }

    private async ValueTask<bool> PutAsync(AgentRecord record, CancellationToken cancellationToken)
    {
        FailPoint.Hit(KeyFailPoints.BeforeIdentityCommit);
        bool isStored = await store.PutAgentAsync(record, cancellationToken).ConfigureAwait(false);
        FailPoint.Hit(KeyFailPoints.AfterIdentityCommit);
        Zero(record);
        return isStored;
    }

    /// <summary>Opens an agent; the keys then live in it alone.</summary>
    private static LocalAgent Open(AgentRecord record)
    {
        var agent = LocalAgent.Open(record);
        Zero(record);
        return agent;
    }

    private static void Zero(AgentRecord record)
    {
        if (MemoryMarshal.TryGetArray(record.Secrets, out var secrets))
            CryptographicOperations.ZeroMemory(secrets);
    }
}
