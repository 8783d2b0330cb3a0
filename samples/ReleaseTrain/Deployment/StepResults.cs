using AgentFlow;

namespace ReleaseTrain.Deployment;

/// <summary>What the switch step journals: the release, or why there is none.</summary>
[Payload]
public sealed partial record SwitchResult(string? Release, string? Error);

/// <summary>What the start step journals: where the service answers, or why it does not.</summary>
[Payload]
public sealed partial record StartResult(string? Url, string? Error);
