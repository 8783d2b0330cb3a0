using System.Runtime.CompilerServices;
using AgentFlow.Hub.Stores;
using AgentFlow.Hub.Wakes;
using AgentFlow.Protocol.Hub;

namespace AgentFlow.Hub.Subscriptions;

/// <summary>
/// One stream of what is new in the threads of an agent. It looks when a hint comes and at intervals, reads at most one page at a time, and never holds
/// more envelopes than its credit.
/// </summary>
internal sealed class Subscription(
    IEnvelopeStore store, HubOptions options, DeliveredPositions delivered, AgentId agent, IReadOnlyDictionary<ThreadId, long> resume, int credit)
{
    private const int MaxPageBytes = 1 << 20;
    private const int InboxPage = 256;
    private readonly Dictionary<ThreadId, long> _cursors = new(resume);
    private readonly WakeSignal _signal = new(options.TimeProvider);
    private readonly PollInterval _poll = new(options.PollInterval, options.IdlePollInterval);
    private readonly int _pageSize = Math.Min(credit, 100);

    public async IAsyncEnumerable<Delivery> StreamAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var hints = store.Wakes.Subscribe(OnHint);
        await foreach (var entry in NamedAsync(cancellationToken).ConfigureAwait(false))
        {
            while (_cursors[entry.Thread] < entry.Head)
            {
                foreach (var delivery in await PageAsync(entry.Thread, cancellationToken).ConfigureAwait(false))
                    yield return delivery;
            }
        }

        while (true)
        {
            _signal.Reset();
            bool hasNews = false;
            // Every unread thread gives one page a round, so that a busy one does not starve the others.
            foreach (var thread in await UnreadAsync(cancellationToken).ConfigureAwait(false))
            {
                foreach (var delivery in await PageAsync(thread, cancellationToken).ConfigureAwait(false))
                {
                    hasNews = true;
                    yield return delivery;
                }
            }

            if (hasNews)
                _poll.Reset();
            else if (await _signal.WaitAsync(_poll.Next(), cancellationToken).ConfigureAwait(false))
                _poll.Reset();
        }
    }

    private void OnHint(WakeHint hint)
    {
        if (hint.Kind == WakeKind.Everything || (hint.Kind == WakeKind.Agent && hint.Key == agent.Value))
            _signal.Set();
    }

    /// <summary>The threads that the client names: it may be behind what it has acknowledged, after a restore for example.</summary>
    private async IAsyncEnumerable<InboxEntry> NamedAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var thread in resume.Keys)
        {
            if (await store.GetInboxAsync(agent, thread, cancellationToken).ConfigureAwait(false) is { } entry)
                yield return entry;
        }
    }

    private async ValueTask<List<ThreadId>> UnreadAsync(CancellationToken cancellationToken)
    {
        var threads = new List<ThreadId>();
        string? cursor = null;
        do
        {
            var page = await store.ReadInboxAsync(agent, unreadOnly: true, cursor, InboxPage, cancellationToken).ConfigureAwait(false);
            foreach (var entry in page.Entries)
            {
                long from = Math.Max(_cursors.GetValueOrDefault(entry.Thread), entry.Acknowledged);
                _cursors[entry.Thread] = from;
                if (from < entry.Head)
                    threads.Add(entry.Thread);
            }

            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return threads;
    }

    private async ValueTask<List<Delivery>> PageAsync(ThreadId thread, CancellationToken cancellationToken)
    {
        var page = await store.ReadThreadAsync(thread, _cursors[thread], _pageSize, MaxPageBytes, cancellationToken).ConfigureAwait(false);
        var deliveries = new List<Delivery>(page.Envelopes.Count);
        foreach (var envelope in page.Envelopes)
        {
            deliveries.Add(new Delivery(thread, envelope));
            _cursors[thread] = envelope.Position;
            Telemetry.Delivered();
        }

        if (deliveries.Count > 0)
            delivered.Raise(agent, thread, _cursors[thread]);
        return deliveries;
    }
}
