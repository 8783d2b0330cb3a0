using AgentFlow;

namespace ReleaseTrain.Scanning;

/// <summary>What the scan step journals.</summary>
[Payload]
public sealed partial record ScanReport(IReadOnlyList<Finding> Findings);
