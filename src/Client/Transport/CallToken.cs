namespace AgentFlow.Client.Transport;

/// <summary>A token of the hub, and how long it is good by the client's own clock, whatever the hub's shows.</summary>
/// <param name="Text">What calls carry.</param>
/// <param name="Issued">The timestamp from before it was asked for.</param>
/// <param name="Lifetime">How long it is good from then on.</param>
internal sealed record CallToken(string Text, long Issued, TimeSpan Lifetime)
{
    /// <summary>Whether it is time for the next one: the last quarter of its life has begun.</summary>
    public bool IsDue(TimeProvider clock) => clock.GetElapsedTime(Issued) >= Lifetime * 0.75;

    /// <summary>Whether the hub takes it no more.</summary>
    public bool IsOver(TimeProvider clock) => clock.GetElapsedTime(Issued) >= Lifetime;
}
