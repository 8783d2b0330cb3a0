using AgentFlow.Protocol.Hub;

namespace AgentFlow.HubServer.Tests.Failures;

/// <summary>
/// Compares what senders were told with what stands in a hub: everything that was answered is there, at its position and with its bytes; positions are dense;
/// nothing stands twice; the envelopes of a sender stand in its order; nobody has acknowledged more than there is.
/// </summary>
internal static class FleetCheck
{
    public static async Task RunAsync(
        IReadOnlyDictionary<AgentId, IHub> hubs, SentLog sent, IReadOnlyList<ThreadId> threads, CancellationToken cancellationToken)
    {
        var places = new Dictionary<MessageId, long>();
        var heads = new Dictionary<ThreadId, long>();
        foreach (var thread in threads)
            heads[thread] = await ReadAsync(hubs.Values.First(), thread, sent, places, cancellationToken);
        foreach (var (envelope, position) in sent.AllAnswered())
        {
            bool isThere = places.TryGetValue(envelope.Id, out long place) && place == position;
            Assert.True(isThere, $"Envelope {envelope.Number} of {envelope.Sender} should stand at {position}.");
        }

        foreach (var (agent, hub) in hubs)
        {
            foreach (var entry in (await hub.ListInboxAsync(agent, unreadOnly: false, null, 1000, cancellationToken)).Entries)
            {
                Assert.InRange(entry.Acknowledged, 0, entry.Head);
                Assert.InRange(entry.Head, 0, heads[entry.Thread]);
            }
        }
    }

    private static async Task<long> ReadAsync(
        IHub hub, ThreadId thread, SentLog sent, Dictionary<MessageId, long> places, CancellationToken cancellationToken)
    {
        var last = new Dictionary<AgentId, int>();
        long position = 0;
        ThreadPage page;
        do
        {
            page = await hub.ReadThreadAsync(thread, position, 500, 2 << 20, cancellationToken);
            foreach (var stored in page.Envelopes)
            {
                Assert.Equal(++position, stored.Position);
                Assert.True(places.TryAdd(stored.MessageId, stored.Position), $"An envelope stands twice, at {position} too.");
                var envelope = sent.Find(stored.MessageId);
                Assert.NotNull(envelope);
                Assert.Equal(thread, envelope.Thread);
                Assert.True(envelope.Bytes.AsSpan().SequenceEqual(stored.Envelope.Span), $"Nobody sent what stands at {position}.");
                Assert.Equal(last.GetValueOrDefault(envelope.Sender, envelope.Number - 1) + 1, envelope.Number);
                last[envelope.Sender] = envelope.Number;
            }
        }
        while (page.Envelopes.Count > 0);
        Assert.Equal(page.Head, position);
        return position;
    }
}
