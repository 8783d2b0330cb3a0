using System.Security.Cryptography;
using AgentFlow.Hub.Stores;
using AgentFlow.Hub.Wakes;
using AgentFlow.Protocol.Hub;
using AgentFlow.Storage;

namespace AgentFlow.Hub.Pumps;

/// <summary>
/// Raises the inboxes of the members of threads that have news. What it does only raises numbers, so doing it twice, or with a second pump beside it,
/// is harmless. Work counts as done only after every inbox is durable.
/// </summary>
public sealed class FanOutPump : IAsyncDisposable
{
    private const int EnvelopesPerRound = 1000;
    private const int CommitsAtOnce = 64;
    private static readonly TimeSpan s_claim = TimeSpan.FromSeconds(30);
    private readonly IEnvelopeStore _store;
    private readonly TimeProvider _time;
    private readonly WakeSignal _signal;
    private readonly PollInterval _poll;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _round = new(1, 1);
    private readonly Guid _owner = new(RandomNumberGenerator.GetBytes(16));
    private IDisposable? _subscription;
    private Task _running = Task.CompletedTask;

    /// <summary>Makes a pump that does not run yet.</summary>
    /// <param name="store">The open store.</param>
    /// <param name="options">The clock and the intervals.</param>
    public FanOutPump(IEnvelopeStore store, HubOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _store = store;
        _time = options.TimeProvider;
        _signal = new WakeSignal(options.TimeProvider);
        _poll = new PollInterval(options.PollInterval, options.IdlePollInterval);
    }

    /// <summary>Follows the log in the background until it is disposed.</summary>
    public void Start()
    {
        if (_subscription is not null)
            throw new InvalidOperationException("The pump runs already.");
        _subscription = _store.Wakes.Subscribe(hint =>
        {
            if (hint.Kind != WakeKind.Agent)
                _signal.Set();
        });
        _running = Task.Run(() => RunAsync(_stop.Token));
    }

    /// <summary>Works until nothing is left that was committed before the call.</summary>
    /// <exception cref="StorageException">The store refuses; what is left is done later.</exception>
    public async ValueTask DrainAsync(CancellationToken cancellationToken)
    {
        while (await RoundAsync(cancellationToken).ConfigureAwait(false) is var status && status != Round.Empty)
        {
            if (status == Round.Refused)
                throw new StorageException(StorageErrorKind.Unavailable, "The store refused to raise an inbox. Try again; nothing is lost.");
        }
    }

    /// <summary>Stops. What is not done is done after the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        _subscription?.Dispose();
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            _signal.Reset();
            var status = Round.Refused;
            try
            {
                status = await RoundAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (StorageException)
            {
                // The claim runs out by itself and the work is claimed again: the same as after a refusal.
                Telemetry.FanOutFailures.Add(1);
            }

            if (status == Round.Done)
                _poll.Reset();
            else if (status == Round.Empty)
                await _signal.WaitAsync(_poll.Next(), cancellationToken).ConfigureAwait(false);
            else
                await Task.Delay(_poll.Next(), _time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<Round> RoundAsync(CancellationToken cancellationToken)
    {
        await _round.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var request = new ClaimRequest(ClaimKind.FanOut, _owner, s_claim, EnvelopesPerRound);
            var claims = await _store.ClaimAsync(request, cancellationToken).ConfigureAwait(false);
            foreach (var claim in claims)
            {
                if (!await WorkAsync(claim, cancellationToken).ConfigureAwait(false))
                    return Round.Refused;
            }

            return claims.Count == 0 ? Round.Empty : Round.Done;
        }
        finally
        {
            _round.Release();
        }
    }

    private async ValueTask<bool> WorkAsync(Claim claim, CancellationToken cancellationToken)
    {
        var notes = new Dictionary<AgentId, List<StoreOp>>();
        foreach (var news in claim.Work)
        {
            foreach (var member in await _store.ReadMembersAsync(news.Thread, cancellationToken).ConfigureAwait(false))
            {
                if (!notes.TryGetValue(member.Agent, out var list))
                    notes.Add(member.Agent, list = []);
                list.Add(new StoreOp.NoteInbox(member.Agent, news.Thread, news.Position, Priority: 0));
            }
        }

        var commits = notes.SelectMany(pair => pair.Value.Chunk(StoreCommit.MaxOps).Select(ops => new StoreCommit(ShardKey.Of(pair.Key), ops)));
        foreach (var some in commits.Chunk(CommitsAtOnce))
        {
            var results = await Task.WhenAll(some.Select(commit => NoteAsync(commit, cancellationToken))).ConfigureAwait(false);
            if (Array.Exists(results, status => status != HubStatus.Ok))
                return false;
        }

        FailPoint.Hit(HubFailPoints.AfterFanOut);
        // Another pump may have taken the claim over: then it does the same work, and completes it.
        await _store.CommitAsync(new StoreCommit(default, [new StoreOp.Complete(claim.Id, claim.Token)]), cancellationToken).ConfigureAwait(false);
        return true;
    }

    private async Task<HubStatus> NoteAsync(StoreCommit commit, CancellationToken cancellationToken)
    {
        var result = await _store.CommitAsync(commit, cancellationToken).ConfigureAwait(false);
        FailPoint.Hit(HubFailPoints.MidFanOut);
        return result.Status;
    }

    private enum Round
    {
        Empty,
        Done,
        Refused,
    }
}
