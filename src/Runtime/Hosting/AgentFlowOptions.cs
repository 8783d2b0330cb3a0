namespace AgentFlow;

/// <summary>How the runtime of a process behaves. Read once at the start.</summary>
public sealed class AgentFlowOptions
{
    /// <summary>The folder of stores and keys, absolute or below the content root.</summary>
    /// <value>The default is <c>.agentflow</c>.</value>
    public string Directory { get; set; } = ".agentflow";

    /// <summary>The name of the agent that starts threads for this app.</summary>
    /// <value>The default is <c>app</c>.</value>
    public string AppName { get; set; } = "app";

    /// <summary>Where the machine key lies that seals the stored keys; outside <see cref="Directory"/>.</summary>
    /// <value>The default, null, asks the operating system's secret store, and takes a machine key in the user's profile where there is none. A store that
    /// several processes share is sealed under a passphrase or a machine key, never under a secret store: give every process the same.</value>
    public string? MachineKeyPath { get; set; }

    /// <summary>Asks for the passphrase that seals the stored keys, as UTF-8; the bytes are zeroed after use.</summary>
    /// <value>The default is null: no passphrase.</value>
    public Func<CancellationToken, ValueTask<byte[]>>? Passphrase { get; set; }

    /// <summary>The names of the agents that this process hosts. The others of the app live in other processes and are found by name at the hub.</summary>
    /// <value>The default, null, hosts all agents of the app; an empty set hosts none.</value>
    /// <remarks>Every process of an app needs an <see cref="AppName"/> of its own, and those that join its threads list its <see cref="IAgentFlow.App"/>. Processes
    /// that share a store are one: they have one name, and host the same.</remarks>
    public ISet<string>? HostedAgents { get; set; }

    /// <summary>The people whose keys lie in this process.</summary>
    public IList<PersonOptions> People { get; } = [];

    /// <summary>Agents of other processes that have a role, by the role's name.</summary>
    public IDictionary<string, IList<AgentId>> RemoteApprovers { get; } = new Dictionary<string, IList<AgentId>>(StringComparer.Ordinal);

    /// <summary>Gated contracts for which this app is stricter than they say, by the contract's name without its version.</summary>
    public IDictionary<string, TightenedApproval> TightenedApprovals { get; } = new Dictionary<string, TightenedApproval>(StringComparer.Ordinal);

    /// <summary>Agents of other processes whose threads this process joins. Agents of this process are always accepted.</summary>
    /// <remarks>The creator of a thread writes its policy, and so names its approvers: list only agents that may do so.</remarks>
    public ISet<AgentId> AcceptThreadsFrom { get; } = new HashSet<AgentId>();

    /// <summary>How many idle threads stay in memory, over all agents of the process.</summary>
    /// <value>The default is 256; at least 1. Busy threads are not counted.</value>
    public int IdleThreadsInMemory { get; set; } = 256;

    /// <summary>How many handlers run at once. Within one thread, an agent's handlers always run one after another.</summary>
    /// <value>The default is 64; at least 1.</value>
    public int ConcurrentHandlers { get; set; } = 64;

    /// <summary>The first and the longest pause between two sends of an envelope that the hub could not take.</summary>
    /// <value>The default is 50 milliseconds, doubled up to 15 seconds; every pause is shortened at random by up to a half.</value>
    public TimeSpan FirstSendPause { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <inheritdoc cref="FirstSendPause"/>
    public TimeSpan LongestSendPause { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How many envelopes a subscription may have in flight.</summary>
    /// <value>The default is 256; 1 to 10,000.</value>
    public int DeliveryCredit { get; set; } = 256;

    /// <summary>
    /// For how long a thread stays with a process that died or was cut off, before another process of the app goes on with it. It has no effect on SQLite, where
    /// one process has the store.
    /// </summary>
    /// <value>The default is 30 seconds; 1 second to 1 hour. A process renews its leases after a third of it.</value>
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Adds a person with roles.</summary>
    /// <param name="name">The name: lower case letters, digits and hyphens, 1 to 64 characters.</param>
    /// <param name="roles">The roles, as <c>[RequiresApproval]</c> names them.</param>
    public AgentFlowOptions AddPerson(string name, params string[] roles)
    {
        People.Add(new PersonOptions { Name = name, Roles = [.. roles] });
        return this;
    }

    /// <summary>Makes the policy of a gated contract stricter in the threads that start from now on: more people, or less time. It cannot be loosened.</summary>
    /// <param name="contract">The contract's name without its version, such as <c>release.deploy</c>; all its rules are meant.</param>
    /// <param name="quorum">The least number of distinct people, 1 to 255; null leaves the contract's.</param>
    /// <param name="expiresAfter">The longest that a request waits, at least one second; null leaves the contract's lifetime.</param>
    public AgentFlowOptions TightenApproval(string contract, int? quorum = null, TimeSpan? expiresAfter = null)
    {
        TightenedApprovals[contract] = new TightenedApproval(quorum, expiresAfter);
        return this;
    }
}
