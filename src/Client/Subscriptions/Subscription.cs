using System.Runtime.CompilerServices;
using AgentFlow.Client.Diagnostics;
using AgentFlow.Client.Transport;
using AgentFlow.Protocol.Hub;

namespace AgentFlow.Client.Subscriptions;

/// <summary>Follows the inbox of an agent over one stream after the other.</summary>
internal sealed class Subscription(HubLine line, AgentId agent, IReadOnlyDictionary<ThreadId, long> resume, int credit)
{
    public async IAsyncEnumerable<Delivery> StreamAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, line.Connection.Stopping);
        var cursors = new Cursors(resume);
        var backoff = new Backoff(line.Connection.Options);
        var clock = line.Connection.Clock;
        bool wasRenewed = false;
        while (true)
        {
            long start = clock.GetTimestamp();
            await using var call = new SubscribeCall(line, agent, cursors, credit, ended.Token);
            while (await call.NextAsync().ConfigureAwait(false) is { } delivery)
            {
                backoff.Reset();
                cursors.Advance(delivery.Thread, delivery.Envelope.Position);
                yield return delivery;
                call.Consumed();
            }

            ended.Token.ThrowIfCancellationRequested();
            // At once, but not twice at once.
            bool isRenewed = call.TokenHasEnded && !wasRenewed;
            wasRenewed = call.TokenHasEnded && clock.GetElapsedTime(start) < line.Connection.Options.LongestPause;
            if (isRenewed)
                continue;
            if (!call.Status.IsOk && !call.TokenHasEnded && !Outcomes.IsTransient(call.Status))
                throw Outcomes.Refused(call.Status, line.Connection.Address);
            var pause = backoff.Next();
            Log.SubscriptionLost(line.Connection.Logger, agent, call.Status.Code, pause);
            await Task.Delay(pause, clock, ended.Token).ConfigureAwait(false);
        }
    }
}
