using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace AgentFlow.Runtime.Tests.Canary;

/// <summary>Keeps what the source and the meter "AgentFlow" tell: names, tags, events, links, baggage and states.</summary>
internal sealed class CapturedTelemetry : IDisposable
{
    public const string Source = "AgentFlow";
    public const string Activities = "activities";
    public const string Measurements = "measurements";

    private readonly CapturedText _captured;
    private readonly ActivityListener _activities;
    private readonly MeterListener _measurements = new();

    public CapturedTelemetry(CapturedText captured)
    {
        _captured = captured;
        _activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Source,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = Keep,
        };
        ActivitySource.AddActivityListener(_activities);
        _measurements.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == Source)
                listener.EnableMeasurementEvents(instrument);
        };
        _measurements.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Keep(instrument, tags));
        _measurements.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Keep(instrument, tags));
        _measurements.Start();
    }

    public void Dispose()
    {
        _activities.Dispose();
        _measurements.Dispose();
    }

    private void Keep(Activity activity)
    {
        _captured.Add(Activities, $"{activity.OperationName} {activity.DisplayName} {activity.StatusDescription} {activity.TraceStateString}");
        _captured.Add(Activities, Text(activity.TagObjects));
        foreach (var one in activity.Events)
            _captured.Add(Activities, $"{one.Name} {Text(one.Tags)}");
        foreach (var link in activity.Links)
            _captured.Add(Activities, $"{link.Context.TraceState} {Text(link.Tags ?? [])}");
        foreach (var (key, value) in activity.Baggage)
            _captured.Add(Activities, $"{key} {value}");
    }

    private void Keep(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _captured.Add(Measurements, $"{instrument.Name} {Text(tags.ToArray())}");

    private static string Text(IEnumerable<KeyValuePair<string, object?>> tags) =>
        string.Join(' ', tags.Select(tag => $"{tag.Key}={(tag.Value is byte[] bytes ? Convert.ToHexString(bytes) : tag.Value)}"));
}
