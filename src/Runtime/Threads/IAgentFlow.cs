namespace AgentFlow;

/// <summary>The front door of the runtime: starts threads, tells how they stand, and waits for them.</summary>
/// <remarks>Thread-safe. A call that changes something returns only after its commit.</remarks>
/// <example><code>
/// var thread = await flow.StartThreadAsync(new Built("shop", "1.9.0", "4f2c1e"));
/// var end = await flow.WaitForOutcomeAsync(thread);
/// </code></example>
public interface IAgentFlow
{
    /// <summary>The approvals that threads wait for.</summary>
    IApprovals Approvals { get; }

    /// <summary>The agent that starts threads for this app. Other processes list it in <see cref="AgentFlowOptions.AcceptThreadsFrom"/>.</summary>
    /// <exception cref="InvalidOperationException">The runtime does not run.</exception>
    AgentId App { get; }

    /// <summary>Starts a thread with a first message. Every agent on the message's routes and the people of the roles that it needs become members.</summary>
    /// <returns>The thread, whose genesis and first message are durable here; they reach the hub as soon as it answers.</returns>
    /// <exception cref="InvalidOperationException">No contract is registered for <typeparamref name="T"/>, or a role that it needs has nobody.</exception>
    ValueTask<ThreadId> StartThreadAsync<T>(T message, StartThreadOptions? options = null, CancellationToken cancellationToken = default)
        where T : class;

    /// <summary>How a thread stands, or null where no agent of this process is its member.</summary>
    ValueTask<ThreadInfo?> GetThreadAsync(ThreadId thread, CancellationToken cancellationToken = default);

    /// <summary>The threads of this process, the newest first.</summary>
    /// <param name="maxCount">The most threads, 1 to 10,000.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    ValueTask<IReadOnlyList<ThreadInfo>> ListThreadsAsync(int maxCount = 100, CancellationToken cancellationToken = default);

    /// <summary>Waits until a thread has ended or is parked. Costs nothing while it waits.</summary>
    /// <exception cref="ArgumentException">No agent of this process is a member of the thread.</exception>
    ValueTask<ThreadInfo> WaitForOutcomeAsync(ThreadId thread, CancellationToken cancellationToken = default);

    /// <summary>Waits until a thread has ended, is parked, or satisfies a condition, which is asked again after every change.</summary>
    /// <exception cref="ArgumentException">No agent of this process is a member of the thread.</exception>
    ValueTask<ThreadInfo> WaitForAsync(ThreadId thread, Func<ThreadInfo, bool> condition, CancellationToken cancellationToken = default);

    /// <summary>What happened in a thread, in order.</summary>
    ValueTask<IReadOnlyList<ThreadStep>> ReadStepsAsync(ThreadId thread, CancellationToken cancellationToken = default);

    /// <summary>What happened and happens in a thread, until it has ended or is parked.</summary>
    IAsyncEnumerable<ThreadStep> WatchStepsAsync(ThreadId thread, CancellationToken cancellationToken = default);

    /// <summary>The messages of a thread in order, as the local member that has come farthest opened them; approvals and claims are left out.</summary>
    ValueTask<IReadOnlyList<ThreadMessage>> ReadMessagesAsync(ThreadId thread, CancellationToken cancellationToken = default);

    /// <summary>
    /// Checks the whole log of a thread at the hub anew, signature by signature, and compares it with what the agents of this process stored.
    /// </summary>
    ValueTask<ThreadVerification> VerifyThreadAsync(ThreadId thread, CancellationToken cancellationToken = default);

    /// <summary>The dead letters of all agents of this process.</summary>
    ValueTask<IReadOnlyList<DeadLetter>> ListDeadLettersAsync(CancellationToken cancellationToken = default);

    /// <summary>Gives a dead letter its tries again, and unparks its thread.</summary>
    /// <returns>False where there is no such dead letter.</returns>
    ValueTask<bool> RetryDeadLetterAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Destroys the storage keys of a thread here, which makes every stored byte of it unreadable for ever.</summary>
    ValueTask DestroyThreadAsync(ThreadId thread, CancellationToken cancellationToken = default);
}
