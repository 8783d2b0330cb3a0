using AgentFlow.Diagnostics;
using AgentFlow.Protocol.Hub;
using AgentFlow.Storage;
using AgentFlow.Store;

namespace AgentFlow.Engine;

/// <summary>Parks a thread whose next envelope fails again and again, so that people see it, and takes that back once it passes. It is tried for ever: nothing is dropped.</summary>
internal static class StuckDeliveries
{
    private const int Patience = 5;
    private const string Reason = "receive.failed at position ";

    /// <summary>Whether an envelope has failed so often that people are to be told. A hub or a store that is away says nothing about the envelope.</summary>
    public static bool IsStuck(int failures, Exception exception) =>
        failures >= Patience && exception is not (SessionStaleException or HubException or StorageException or StorageBusyException);

    public static async ValueTask ParkAsync(EngineServices engine, ThreadSession session, long position, Exception exception)
    {
        if (session.Outcome != ThreadOutcome.Running)
            return;
        string error = exception.GetType().Name;
        session.SetOutcome(ThreadOutcome.Parked, $"{Reason}{position}: {error}");
        await session.CommitAsync().ConfigureAwait(false);
        Log.DeliveryStuck(engine.Logger, session.Agent.Name, session.Thread, position, error);
    }

    public static async ValueTask UnparkAsync(ThreadSession session)
    {
        if (session.Outcome != ThreadOutcome.Parked || session.Reason?.StartsWith(Reason, StringComparison.Ordinal) != true)
            return;
        session.SetOutcome(ThreadOutcome.Running, null);
        await session.CommitAsync().ConfigureAwait(false);
    }
}
