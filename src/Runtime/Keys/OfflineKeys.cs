namespace AgentFlow.Keys;

/// <summary>The private keys of an agent that belong on paper or in a safe, not in a running process: they undo a theft of the root. Valid only inside the function that receives it.</summary>
/// <param name="Agent">The agent.</param>
/// <param name="Name">Its name.</param>
/// <param name="NextRoot">The seed of the next root key, or empty.</param>
/// <param name="Recovery">The seed of the recovery key, or empty.</param>
internal sealed record OfflineKeys(AgentId Agent, string Name, ReadOnlyMemory<byte> NextRoot, ReadOnlyMemory<byte> Recovery)
{
    /// <summary>Leaves the seeds out.</summary>
    public override string ToString() => $"offline keys of {Name} {Agent}";
}
