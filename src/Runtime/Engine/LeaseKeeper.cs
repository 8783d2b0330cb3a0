using AgentFlow.Diagnostics;
using AgentFlow.Protocol.Crypto;
using AgentFlow.Store;
using Microsoft.Extensions.Logging;

namespace AgentFlow.Engine;

/// <summary>
/// Keeps the leases of the threads that this process works on, where processes share a store: takes one before work begins, extends it while work goes
/// on, gives it back when the thread has been idle for a moment, and looks for threads whose owner died. It spares work in vain; that nothing wrong
/// becomes durable is up to the fence in every commit.
/// </summary>
internal sealed class LeaseKeeper(
    IThreadLeases? leases, TimeProvider clock, TimeSpan duration, IReadOnlyCollection<AgentId> agents, Func<ThreadKey, bool> isSending,
        Action<ThreadKey> wake, ILogger logger)
{
    private const int Page = 500;
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_pauseAfterFailure = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestSweep = TimeSpan.FromSeconds(2);
    private readonly Guid _owner = NewOwner();
    private readonly Lock _gate = new();
    private readonly Dictionary<ThreadKey, HeldLease> _held = [];

    /// <summary>Whether other processes may work on the threads of the store too.</summary>
    public bool IsShared => leases is not null;

    /// <summary>Takes a thread, or learns that another process has it. Dispose the answer when the work is done.</summary>
    public async ValueTask<LeaseHold> HoldAsync(ThreadKey key, CancellationToken cancellationToken)
    {
        if (leases is null)
            return LeaseHold.Always;
        while (true)
        {
            Task? releasing;
            lock (_gate)
            {
                if (_held.TryGetValue(key, out var held) && held.Releasing is null && IsLive(held))
                    return Use(held);
                releasing = held?.Releasing;
            }

            if (releasing is null)
                break;
            await releasing.ConfigureAwait(false);
        }

        long asked = clock.GetTimestamp();
        var answer = await leases.AcquireAsync(key.Agent, key.Thread, _owner, duration, cancellationToken).ConfigureAwait(false);
        lock (_gate)
        {
            if (!answer.IsAcquired)
            {
                _held.Remove(key);
                return LeaseHold.Elsewhere(answer.HeldFor);
            }

            if (!_held.TryGetValue(key, out var held) || held.Token != answer.Token)
                _held[key] = held = new HeldLease(answer.Token);
            held.Renewed = asked;
            return Use(held);
        }
    }

    /// <summary>Whether the lease of a thread is in force, as far as this process can tell without asking.</summary>
    public bool IsHeld(ThreadKey key)
    {
        if (leases is null)
            return true;
        lock (_gate)
            return _held.TryGetValue(key, out var held) && IsLive(held);
    }

    /// <summary>Whether this process has a thread, perhaps under a lease that ran out and that nobody else is known to have taken.</summary>
    public bool IsOwner(ThreadKey key) => leases is null || FenceOf(key) is not null;

    /// <summary>The token of a thread that this process has, or null.</summary>
    public long? FenceOf(ThreadKey key)
    {
        lock (_gate)
            return _held.TryGetValue(key, out var held) ? held.Token : null;
    }

    /// <summary>Tells that a commit was fenced: another process has the thread.</summary>
    public void Lost(ThreadKey key)
    {
        lock (_gate)
            _held.Remove(key);
    }

    public async Task RunAsync(CancellationToken stopping)
    {
        long renewed = clock.GetTimestamp();
        long swept = renewed;
        var sweep = duration / 3 < s_longestSweep ? duration / 3 : s_longestSweep;
        while (!stopping.IsCancellationRequested)
        {
            await Task.Delay(s_tick, clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await ReleaseIdleAsync().ConfigureAwait(false);
                if (clock.GetElapsedTime(renewed) >= duration / 3)
                {
                    renewed = clock.GetTimestamp();
                    await RenewAsync(renewed, stopping).ConfigureAwait(false);
                }

                if (clock.GetElapsedTime(swept) >= sweep)
                {
                    swept = clock.GetTimestamp();
                    await WakeAbandonedAsync(stopping).ConfigureAwait(false);
                }
            }
            catch (Exception exception)
            {
                if (stopping.IsCancellationRequested)
                    return;

                // The store is away: leases run out unless it comes back in time, and then the work is done again where they are taken next.
                Log.LeasesFailed(logger, exception.GetType().Name);
                await Task.Delay(s_pauseAfterFailure, clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Gives all leases back at the stop; what was left undone is taken up elsewhere at once.</summary>
    public async ValueTask CloseAsync()
    {
        List<LeasedThread> held;
        lock (_gate)
        {
            held = [.. _held.Select(pair => Leased(pair.Key, pair.Value))];
            _held.Clear();
        }

        if (leases is not null && held.Count > 0)
            await leases.ReleaseAsync(_owner, held, hasWork: true, CancellationToken.None).ConfigureAwait(false);
    }

    private static Guid NewOwner()
    {
        Span<byte> id = stackalloc byte[16];
        SecureRandom.Fill(id);
        return new Guid(id);
    }

    private static LeasedThread Leased(ThreadKey key, HeldLease held) => new(key.Agent, key.Thread, held.Token);

    private bool IsLive(HeldLease held) => clock.GetElapsedTime(held.Renewed) < duration;

    private LeaseHold Use(HeldLease held)
    {
        held.Users++;
        return new LeaseHold(held, Done);
    }

    private void Done(HeldLease held)
    {
        lock (_gate)
        {
            held.Users--;
            held.Used = clock.GetTimestamp();
        }
    }

    private async ValueTask ReleaseIdleAsync()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        List<KeyValuePair<ThreadKey, HeldLease>> idle;
        lock (_gate)
        {
            idle = [.. _held.Where(pair => IsIdle(pair.Key, pair.Value))];
            foreach (var (_, held) in idle)
                held.Releasing = done.Task;
        }

        if (idle.Count == 0)
            return;
        try
        {
            await leases!.ReleaseAsync(_owner, [.. idle.Select(pair => Leased(pair.Key, pair.Value))], hasWork: false,
                CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                foreach (var (key, held) in idle)
                {
                    if (_held.TryGetValue(key, out var standing) && ReferenceEquals(standing, held))
                        _held.Remove(key);
                }
            }

            done.SetResult();
        }
    }

    private bool IsIdle(ThreadKey key, HeldLease held) =>
        held is { Users: 0, Releasing: null } && clock.GetElapsedTime(held.Used) >= s_tick && !isSending(key);

    private async ValueTask RenewAsync(long asked, CancellationToken cancellationToken)
    {
        List<KeyValuePair<ThreadKey, HeldLease>> all;
        lock (_gate)
            all = [.. _held.Where(pair => pair.Value.Releasing is null)];
        foreach (var chunk in all.Chunk(Page))
        {
            var renewed = await leases!.RenewAsync(_owner, [.. chunk.Select(pair => Leased(pair.Key, pair.Value))], duration,
                cancellationToken).ConfigureAwait(false);
            var still = renewed.ToHashSet();
            lock (_gate)
            {
                foreach (var (key, held) in chunk)
                {
                    if (still.Contains(Leased(key, held)))
                        held.Renewed = asked;
                    else if (_held.TryGetValue(key, out var standing) && ReferenceEquals(standing, held) && held.Releasing is null)
                        Remove(key);
                }
            }
        }
    }

    private void Remove(ThreadKey key)
    {
        _held.Remove(key);
        Log.LeaseLost(logger, key.Agent, key.Thread);
    }

    private async ValueTask WakeAbandonedAsync(CancellationToken cancellationToken)
    {
        foreach (var (agent, thread) in await leases!.ListAbandonedAsync(agents, Page, cancellationToken).ConfigureAwait(false))
            wake(new ThreadKey(agent, thread));
    }
}
