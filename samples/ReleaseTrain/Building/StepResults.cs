using AgentFlow;

namespace ReleaseTrain.Building;

/// <summary>What the publish step journals.</summary>
[Payload]
public sealed partial record PublishResult(Built? Built, string? Error, IReadOnlyList<string> Details);

/// <summary>What the test step journals.</summary>
[Payload]
public sealed partial record TestReport(int Passed, int Failed, int Skipped, TimeSpan Duration, IReadOnlyList<string> Failures, string? Error);
