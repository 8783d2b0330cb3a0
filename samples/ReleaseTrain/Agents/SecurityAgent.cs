using AgentFlow;
using ReleaseTrain.Deployment;
using ReleaseTrain.Scanning;

namespace ReleaseTrain.Agents;

/// <summary>Scans the tree, weighs what it found and asks people for the deployment.</summary>
[Agent("security")]
public sealed class SecurityAgent(Scanner scanner, Releases releases)
{
    public async Task<Deploy> HandleAsync(Tested tested, MessageContext context, CancellationToken cancellationToken)
    {
        var build = tested.Build;
        var scan = await context.StepAsync("scan", (_, ct) => scanner.ScanAsync(build.Source, build.Artifact, ct), cancellationToken);
        var risk = scan.Findings.Count == 0 ? Risk.Low : scan.Findings.Max(finding => finding.Risk);
        return new Deploy(
            build.Service, build.Version, releases.LiveVersion(build.Service), build.Commit, build.Artifact, build.Digest, build.Bytes,
            tested.Passed, tested.Skipped, scan.Findings, risk);
    }
}
