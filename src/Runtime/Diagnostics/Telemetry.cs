using System.Diagnostics;
using System.Diagnostics.Metrics;
using AgentFlow.Protocol.Hub;

namespace AgentFlow.Diagnostics;

/// <summary>
/// The one activity source and the one meter. Tags follow the OpenTelemetry messaging conventions; never a payload, comment or person's name.
/// </summary>
internal static class Telemetry
{
    public const string Name = "AgentFlow";

    public static readonly ActivitySource Source = new(Name);
    public static readonly Meter Meter = new(Name);

    public static readonly Counter<long> Sent = Meter.CreateCounter<long>("messaging.client.sent.messages", "{message}");
    public static readonly Counter<long> Consumed = Meter.CreateCounter<long>("messaging.client.consumed.messages", "{message}");
    public static readonly Histogram<double> Operations = Meter.CreateHistogram<double>("messaging.client.operation.duration", "s");
    public static readonly Histogram<double> Processing = Meter.CreateHistogram<double>("messaging.process.duration", "s");
    public static readonly UpDownCounter<long> ActiveThreads = Meter.CreateUpDownCounter<long>("agentflow.threads.active", "{thread}");
    public static readonly Counter<long> EndedThreads = Meter.CreateCounter<long>("agentflow.threads.completed", "{thread}");
    public static readonly UpDownCounter<long> PendingApprovals = Meter.CreateUpDownCounter<long>("agentflow.approvals.pending", "{approval}");
    public static readonly Histogram<double> ApprovalWait = Meter.CreateHistogram<double>("agentflow.approval.wait.duration", "s");
    public static readonly Counter<long> ApprovalDecisions = Meter.CreateCounter<long>("agentflow.approval.decisions", "{decision}");
    public static readonly Counter<long> RefusedDispatches = Meter.CreateCounter<long>("agentflow.approval.dispatch.refused", "{dispatch}");
    public static readonly UpDownCounter<long> OutboxDepth = Meter.CreateUpDownCounter<long>("agentflow.outbox.depth", "{envelope}");
    public static readonly UpDownCounter<long> DeadLetters = Meter.CreateUpDownCounter<long>("agentflow.deadletter.depth", "{message}");
    public static readonly Counter<long> EnvelopeFailures = Meter.CreateCounter<long>("agentflow.envelope.failures", "{envelope}");

    public static KeyValuePair<string, object?> Tag(string name, object? value) => new(name, value);

    public static Activity? Process(string contract, string agent, ThreadId threadId, SentTrace asked)
    {
        if (!Source.HasListeners())
            return null;
        string thread = threadId.ToString();
        ActivityLink[] links = asked.Activity == default ? [] : [new ActivityLink(asked.Activity)];
        var activity = Source.StartActivity($"process {contract}", ActivityKind.Consumer, default(ActivityContext), links: links);
        if (activity is null)
            return null;
        BaggageText.Read(asked.Baggage, activity);
        return activity.SetTag("messaging.system", "agentflow").SetTag("messaging.operation.name", "process").SetTag("messaging.operation.type", "process")
            .SetTag("messaging.destination.name", agent).SetTag("messaging.message.conversation_id", thread).SetTag("gen_ai.conversation.id", thread)
            .SetTag("agentflow.thread.id", thread).SetTag("agentflow.contract.name", contract);
    }

    public static Activity? Send(object contract, string agent, ThreadId thread)
    {
        if (!Source.HasListeners())
            return null;
        return Source.StartActivity($"send {contract}", ActivityKind.Producer)?
            .SetTag("messaging.system", "agentflow").SetTag("messaging.operation.name", "send").SetTag("messaging.operation.type", "send")
            .SetTag("messaging.destination.name", agent).SetTag("agentflow.thread.id", thread.ToString());
    }

    /// <summary>Records one try to hand an envelope to the hub; one that the stop of the runtime ended says nothing.</summary>
    public static void Sending(string agent, HubStatus? status, TimeSpan duration)
    {
        if (status is { } answer)
        {
            Operations.Record(
                duration.TotalSeconds, Tag("messaging.operation.name", "send"), Tag("messaging.destination.name", agent),
                Tag("error.type", answer == HubStatus.Ok ? null : answer.ToString()));
        }
    }

    public static void ThreadEnded(ThreadOutcome outcome)
    {
        ActiveThreads.Add(-1);
        EndedThreads.Add(1, Tag("outcome", outcome.ToString()));
    }

    public static Activity? Approval(string operation, string approval, string thread)
    {
        if (!Source.HasListeners())
            return null;
        return Source.StartActivity($"approval.{operation}")?.SetTag("agentflow.approval.id", approval).SetTag("agentflow.thread.id", thread);
    }
}
