using System.Diagnostics.Metrics;

namespace AgentFlow.Host.Diagnostics;

/// <summary>The instruments of the host, on the meter <c>AgentFlow</c>.</summary>
internal static class Telemetry
{
    private static readonly Meter s_meter = new("AgentFlow");
    private static readonly UpDownCounter<long> s_clients =
        s_meter.CreateUpDownCounter<long>("agentflow.clients.connected", "{client}", "Subscriptions that stand, by transport.");

    private static readonly Counter<long> s_limited =
        s_meter.CreateCounter<long>("agentflow.hub.calls.limited", "{call}", "Calls refused because they came too often, by what was counted.");

    /// <summary>Counts a call that came too often.</summary>
    public static void Limited(string scope) => s_limited.Add(1, new KeyValuePair<string, object?>("scope", scope));

    /// <summary>Counts a client until the result is disposed.</summary>
    public static IDisposable ClientConnected(string transport)
    {
        var tag = new KeyValuePair<string, object?>("transport", transport);
        s_clients.Add(1, tag);
        return new Connected(tag);
    }

    private sealed class Connected(KeyValuePair<string, object?> tag) : IDisposable
    {
        public void Dispose() => s_clients.Add(-1, tag);
    }
}
