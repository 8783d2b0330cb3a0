using System.Diagnostics;
using AgentFlow.Protocol.Frames;

namespace AgentFlow.Diagnostics;

/// <summary>What a frame says, sealed, of the activity that sent it. Whoever carries the frame cannot read it.</summary>
/// <param name="Activity">The activity; nothing where nobody traced, or nobody traces here.</param>
/// <param name="Baggage">Its baggage in the W3C form, or null.</param>
internal readonly record struct SentTrace(ActivityContext Activity, string? Baggage)
{
    /// <summary>Reads what a frame says; what is not well-formed says nothing.</summary>
    public static SentTrace Of(in ExtensionBlock extensions) =>
        Telemetry.Source.HasListeners() && ActivityContext.TryParse(extensions.TraceParent, null, isRemote: true, out var activity)
            ? new SentTrace(activity, extensions.Baggage)
            : default;

    /// <summary>Writes what the current activity says of itself into a frame.</summary>
    public static void Write(ref FrameExtensions extensions)
    {
        if (System.Diagnostics.Activity.Current is not { IdFormat: ActivityIdFormat.W3C, Id: { Length: ExtensionBlock.TraceParentSize } id } activity)
            return;
        extensions.TraceParent = id;
        extensions.Baggage = BaggageText.Write(activity.Baggage);
    }
}
