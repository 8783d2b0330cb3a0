namespace AgentFlow;

/// <summary>How often somebody may call: a bucket of tokens that a call takes one from and time fills again.</summary>
/// <param name="Calls">How many calls may come in each period in the long run; at least 1.</param>
/// <param name="Per">The period; longer than zero.</param>
/// <param name="Burst">How many may come at once after a pause; at least <paramref name="Calls"/>.</param>
public sealed record RateLimit(int Calls, TimeSpan Per, int Burst);
