using AgentFlow.Hub.Stores;

namespace AgentFlow.Hub;

/// <summary>Settings of a hub. The defaults fit one machine.</summary>
public sealed class HubOptions
{
    /// <summary>The clock by which the hub polls. The store has its own, for what it writes.</summary>
    /// <value><see cref="TimeProvider.System"/>.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>
    /// Whether to leave out the signature check of envelopes. Set it only where the hub's only client is its own process, which has just made the signatures;
    /// receivers verify them in any case.
    /// </summary>
    /// <value>False.</value>
    public bool TrustOwnProcess { get; set; }

    /// <summary>How often to look for news without a hint, after news.</summary>
    /// <value>2 seconds.</value>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The longest that this interval grows to while there is no news.</summary>
    /// <value>15 seconds.</value>
    public TimeSpan IdlePollInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How often to remove what has expired.</summary>
    /// <value>1 minute.</value>
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How much is removed in one transaction; a sweep goes on until nothing is left to remove.</summary>
    /// <value><see cref="SweepBudget.Default"/>.</value>
    public SweepBudget SweepBudget { get; set; } = SweepBudget.Default;

    /// <summary>
    /// After what time the hub hides and then removes the bodies of envelopes, in threads that are created from now on; a thread keeps what it was created
    /// with. What is left of them still proves the order. Set it longer than any agent may be away: what has expired cannot be read any more.
    /// </summary>
    /// <value>Null: bodies stay until their thread is trimmed.</value>
    public TimeSpan? Retention { get; set; }

    /// <summary>The most bytes of one blob.</summary>
    /// <value>16 MiB.</value>
    public int MaxBlobBytes { get; set; } = 16 << 20;

    /// <summary>How many threads the hub keeps in memory between two appends. Nothing is lost with one that is dropped.</summary>
    /// <value>1,024.</value>
    public int CachedThreads { get; set; } = 1024;

    /// <summary>How many identity logs the hub keeps in memory.</summary>
    /// <value>1,024.</value>
    public int CachedAgents { get; set; } = 1024;

    /// <summary>After how many positions the public state of a thread is written down again, so that reading it never replays more.</summary>
    /// <value>64.</value>
    public int SnapshotEvery { get; set; } = 64;
}
