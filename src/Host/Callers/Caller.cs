namespace AgentFlow.Host.Callers;

/// <summary>Who calls: a device that has proved that it is live in an agent's identity log.</summary>
/// <param name="Agent">The agent.</param>
/// <param name="Device">The device's public key.</param>
/// <param name="Until">When its token ends, by the hub's clock.</param>
internal sealed record Caller(AgentId Agent, Bytes32 Device, DateTimeOffset Until);
