using AgentFlow.Diagnostics;
using AgentFlow.Keys;
using AgentFlow.Protocol.Hub;

namespace AgentFlow.Engine;

/// <summary>Gives the agents of a process that runs for long a new prekey each day, and publishes it. Reference: protocol.md 2.3.</summary>
internal sealed class PrekeyRenewer(EngineServices engine, AgentKeyRing ring)
{
    private static readonly TimeSpan s_pauseAfterFailure = TimeSpan.FromMinutes(1);
    private readonly HashSet<AgentId> _unpublished = [];

    public async Task RunAsync(CancellationToken stopping)
    {
        bool hasFailed = false;
        while (true)
        {
            var due = engine.Agents.Values.Min(agent => AgentKeyRing.RenewalOf(agent.Keys)) - engine.Clock.GetUtcNow();
            var pause = hasFailed ? s_pauseAfterFailure : due > TimeSpan.Zero ? due : TimeSpan.Zero;
            await Task.Delay(pause, engine.Clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stopping.IsCancellationRequested)
                return;
            hasFailed = false;
            foreach (var agent in engine.Agents.Values)
                hasFailed |= !await TryRenewAsync(agent, stopping).ConfigureAwait(false);
        }
    }

    private async ValueTask<bool> TryRenewAsync(HostedAgent agent, CancellationToken stopping)
    {
        string error;
        try
        {
            if (await ring.RenewAsync(agent.Keys, stopping).ConfigureAwait(false))
                _unpublished.Add(agent.Id);
            if (!_unpublished.Contains(agent.Id))
                return true;
            var status = await engine.Hub.RegisterAgentAsync(agent.Keys.Registration, stopping).ConfigureAwait(false);
            if (status == HubStatus.Ok)
            {
                _unpublished.Remove(agent.Id);
                Log.PrekeyRenewed(engine.Logger, agent.Name);
                return true;
            }

            error = status.ToString();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return true;
        }
        catch (Exception exception)
        {
            // Whatever failed, the old prekey serves for two weeks: it is tried again.
            error = exception.GetType().Name;
        }

        Log.PrekeyRenewalFailed(engine.Logger, agent.Name, error, s_pauseAfterFailure);
        return false;
    }
}
