namespace AgentFlow.Generators.Shared;

/// <summary>The names of pipeline steps. A name that begins with <see cref="Prefix"/> promises: cached after an unrelated edit, and no Roslyn object in its value.</summary>
internal static class Tracking
{
    public const string Prefix = "AgentFlow.";

    public const string Messages = Prefix + "Messages";
    public const string Payloads = Prefix + "Payloads";
    public const string States = Prefix + "States";
    public const string Lock = Prefix + "Lock";

    /// <summary>Ends the name of a step of contracts that know their published shapes.</summary>
    public const string Locked = "Locked";

    public const string Generated = Prefix + "Generated";
}
