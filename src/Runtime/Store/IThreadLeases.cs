namespace AgentFlow.Store;

/// <summary>The answer to <see cref="IThreadLeases.AcquireAsync"/>.</summary>
/// <param name="Token">The fencing token, from 1; 0 where another owner has the lease.</param>
/// <param name="HeldFor">For how long the other owner still has it, unless it renews or gives it back.</param>
internal readonly record struct LeaseAnswer(long Token, TimeSpan HeldFor)
{
    /// <summary>Whether the caller has the lease.</summary>
    public bool IsAcquired => Token > 0;
}

/// <summary>A thread of an agent with the token that its lease was given out with.</summary>
internal readonly record struct LeasedThread(AgentId Agent, ThreadId Thread, long Token);

/// <summary>
/// Who works on which thread of which agent, in a store that several processes share. A commit with a lower <see cref="AgentCommit.Fence"/> than the
/// newest token is refused, in the same transaction; so an owner that was away for too long changes nothing. Times are those of the store's own clock.
/// Thread-safe.
/// </summary>
internal interface IThreadLeases
{
    /// <summary>
    /// Takes or extends a lease. The token rises with each change of the owner; an owner that takes it again before another did keeps its token.
    /// </summary>
    ValueTask<LeaseAnswer> AcquireAsync(AgentId agent, ThreadId thread, Guid owner, TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>Extends leases, also those that have run out and that nobody else has taken.</summary>
    /// <returns>Those that the owner still has.</returns>
    ValueTask<IReadOnlyList<LeasedThread>> RenewAsync(Guid owner, IReadOnlyList<LeasedThread> leases, TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>Gives leases back. Those of others stay as they are.</summary>
    /// <param name="owner">The owner.</param>
    /// <param name="leases">The leases.</param>
    /// <param name="hasWork">Whether something is left to do, so that <see cref="ListAbandonedAsync"/> tells the others at once.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    ValueTask ReleaseAsync(Guid owner, IReadOnlyList<LeasedThread> leases, bool hasWork, CancellationToken cancellationToken);

    /// <summary>Lists threads of agents whose lease ran out and was not given back: their owner died, or was cut off. The longest ago first.</summary>
    ValueTask<IReadOnlyList<(AgentId Agent, ThreadId Thread)>> ListAbandonedAsync(IReadOnlyCollection<AgentId> agents, int maxCount,
        CancellationToken cancellationToken);
}
