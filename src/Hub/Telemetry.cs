using System.Diagnostics;
using System.Diagnostics.Metrics;
using AgentFlow.Protocol.Hub;

namespace AgentFlow.Hub;

/// <summary>The activities and instruments of the hub; both sources are named <c>AgentFlow</c>. No id of a person and no payload is ever a tag.</summary>
internal static class Telemetry
{
    private const string Name = "AgentFlow";
    private static readonly Meter s_meter = new(Name);
    private static readonly Counter<long> s_appends = s_meter.CreateCounter<long>("agentflow.hub.appends", "{envelope}", "Envelopes that clients handed in, by outcome.");
    private static readonly Counter<long> s_deliveries = s_meter.CreateCounter<long>("agentflow.hub.deliveries", "{envelope}", "Envelopes that subscriptions handed out.");

    public static ActivitySource Activities { get; } = new(Name);

    public static Counter<long> FanOutFailures { get; } = s_meter.CreateCounter<long>("agentflow.hub.fan_out.failures", "{round}", "Fan-out rounds that the store refused.");

    public static Counter<long> SweepFailures { get; } = s_meter.CreateCounter<long>("agentflow.hub.sweep.failures", "{round}", "Sweeps that the store refused.");

    public static AppendResult Count(AppendResult result)
    {
        string outcome = result.Status switch
        {
            AppendStatus.Appended => "appended",
            AppendStatus.Duplicate => "duplicate",
            _ => result.Refusal.ToString(),
        };
        s_appends.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
        return result;
    }

    public static void Delivered() => s_deliveries.Add(1);
}
