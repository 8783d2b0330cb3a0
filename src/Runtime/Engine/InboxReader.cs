using AgentFlow.Diagnostics;

namespace AgentFlow.Engine;

/// <summary>Follows the inbox of one agent and hands what comes to the threads' processors; no more than the credit is under way at once.</summary>
internal sealed class InboxReader(EngineServices engine, HostedAgent agent)
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(15);
    private static readonly Dictionary<ThreadId, long> s_fromAcknowledged = [];
    private readonly SemaphoreSlim _credit = new(engine.Options.DeliveryCredit);

    public async Task RunAsync(CancellationToken stopping)
    {
        var pause = s_firstPause;
        while (!stopping.IsCancellationRequested)
        {
            string ended = "end of stream";
            try
            {
                await foreach (var delivery in agent.Hub.SubscribeAsync(
                    agent.Id, s_fromAcknowledged, engine.Options.DeliveryCredit, stopping).ConfigureAwait(false))
                {
                    await _credit.WaitAsync(stopping).ConfigureAwait(false);
                    var ticket = new Ticket(_credit);
                    if (!engine.Processors.Post(new ThreadKey(agent.Id, delivery.Thread), new WorkItem.Deliver(delivery.Envelope, ticket)))
                        ticket.Dispose();
                    pause = s_firstPause;
                }
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // Whatever ended the stream, it is opened again; what was not acknowledged comes again.
                ended = exception.GetType().Name;
            }

            if (stopping.IsCancellationRequested)
                return;
            Log.SubscriptionEnded(engine.Logger, agent.Name, ended, pause);
            await Task.Delay(pause, engine.Clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause;
        }
    }

    private sealed class Ticket(SemaphoreSlim credit) : IDisposable
    {
        public void Dispose() => credit.Release();
    }
}
