using System.Globalization;
using AgentFlow.Hub.CrashHost;
using AgentFlow.Hub.Pumps;
using AgentFlow.Hub.Stores;
using AgentFlow.Hub.Tests.Helpers;

namespace AgentFlow.Hub.Tests.Crash;

/// <summary>Looks at a database after a crash: nothing that was answered is missing, and nothing is torn.</summary>
internal sealed class LogChecker
{
    private readonly Dictionary<(int Sender, int Counter), (int Thread, long Position)> _answered = [];

    public int Answered => _answered.Count;

    public void Add(IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            int[] n = [.. line.Split(' ').Select(p => int.Parse(p, CultureInfo.InvariantCulture))];
            // A repetition after a crash is answered with the position of the first time.
            Assert.True(!_answered.TryGetValue((n[0], n[1]), out var before) || before == (n[2], n[3]), $"Sender {n[0]}, {n[1]}: {before} became {(n[2], n[3])}.");
            _answered[(n[0], n[1])] = (n[2], n[3]);
        }
    }

    /// <summary>Looks at an open store.</summary>
    public async Task CheckAsync(IEnvelopeStore store, CancellationToken cancellationToken)
    {
        await using var pump = new FanOutPump(store, new HubOptions());
        var standing = new Dictionary<(int, int), (int, long)>();
        for (int t = 1; t <= SenderLoad.Threads; t++)
        {
            var page = await store.ReadThreadAsync(Make.Thread(t), 0, int.MaxValue, int.MaxValue, cancellationToken);
            Assert.Equal(Enumerable.Range(1, page.Envelopes.Count).Select(i => (long)i), page.Envelopes.Select(e => e.Position));
            Assert.Equal(page.Head, page.Envelopes.Count);
            var last = new int[SenderLoad.Senders];
            foreach (var envelope in page.Envelopes)
            {
                var (sender, counter) = SenderLoad.Read(envelope.MessageId);
                Assert.True(counter > last[sender], $"Thread {t}: sender {sender} has {counter} after {last[sender]}.");
                last[sender] = counter;
                Assert.True(standing.TryAdd((sender, counter), (t, envelope.Position)), $"Envelope {sender}/{counter} stands twice.");
                Assert.Equal(Make.Body(sender + counter, 100 + (sender * counter % 900)), envelope.Envelope.ToArray());
            }

            // The state item is written in the same commit as the append, so its version counts the appends.
            var state = await store.GetAsync(StepStream.ThreadKey(t), cancellationToken);
            Assert.Equal(page.Head, state?.Version ?? 0);
            await CheckInboxAsync(store, pump, t, page.Head, cancellationToken);
        }

        foreach (var (id, place) in _answered)
            Assert.True(standing.TryGetValue(id, out var found) && found == place, $"Answered envelope {id} should stand at {place}.");
    }

    private static async Task CheckInboxAsync(IEnvelopeStore store, FanOutPump pump, int thread, long head, CancellationToken cancellationToken)
    {
        foreach (int agent in new[] { 1, 2 })
        {
            if (await store.GetInboxAsync(Make.Agent(agent), Make.Thread(thread), cancellationToken) is { } entry)
                Assert.True(entry.Head <= head && entry.Acknowledged <= head);
        }

        await pump.DrainAsync(cancellationToken);
        foreach (int agent in new[] { 1, 2 })
            Assert.Equal(head, (await store.GetInboxAsync(Make.Agent(agent), Make.Thread(thread), cancellationToken))?.Head ?? 0);
    }
}
