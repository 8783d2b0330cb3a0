using System.Runtime.CompilerServices;
using AgentFlow.Client.Diagnostics;
using AgentFlow.Client.Transport;
using AgentFlow.Protocol.Hub;

namespace AgentFlow.Client.Subscriptions;

/// <summary>Follows the inbox of an agent over one stream after the other.</summary>
internal sealed class Subscription(HubConnection connection, AgentId agent, IReadOnlyDictionary<ThreadId, long> resume, int credit)
{
    public async IAsyncEnumerable<Delivery> StreamAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, connection.Stopping);
        var cursors = new Cursors(resume);
        var backoff = new Backoff(connection.Options);
        while (true)
        {
            await using var call = new SubscribeCall(connection, agent, cursors, credit, ended.Token);
            while (await call.NextAsync().ConfigureAwait(false) is { } delivery)
            {
                backoff.Reset();
                cursors.Advance(delivery.Thread, delivery.Envelope.Position);
                yield return delivery;
                call.Consumed();
            }

            ended.Token.ThrowIfCancellationRequested();
            if (!call.Status.IsOk && !Outcomes.IsTransient(call.Status))
                throw Outcomes.Refused(call.Status, connection.Address);
            var pause = backoff.Next();
            Log.SubscriptionLost(connection.Logger, agent, call.Status.Code, pause);
            await Task.Delay(pause, connection.Clock, ended.Token).ConfigureAwait(false);
        }
    }
}
