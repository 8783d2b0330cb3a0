using AgentFlow;

namespace ReleaseTrain;

/// <summary>Asks for a release of what a repository holds at its HEAD.</summary>
[Message("release.requested")]
public sealed partial record Requested(string Repository);

/// <summary>The service was published.</summary>
[Message("release.built")]
public sealed partial record Built(string Service, string Version, string Commit, string Source, string Artifact, string Digest, long Bytes, TimeSpan Duration);

/// <summary>The tests of the service were run and none failed.</summary>
[Message("release.tested")]
public sealed partial record Tested(Built Build, int Passed, int Skipped, TimeSpan Duration);

/// <summary>Asks people to let a release go live.</summary>
[Message("release.deploy"), RequiresApproval("release-managers", Quorum = 1, ExpiresAfter = "2h")]
[Summary("Deploy {Service} {Version} to production")]
public sealed partial record Deploy(
    string Service,
    [ChangedFrom(nameof(Live))] string Version,
    string Live,
    string Commit,
    string Artifact,
    string Digest,
    long Bytes,
    int Passed,
    int Skipped,
    IReadOnlyList<Finding> Findings,
    Risk Risk);

/// <summary>Something in the tree that a person should know before deciding.</summary>
[Payload]
public sealed partial record Finding(string Rule, Risk Risk, string Place, string Detail);

/// <summary>The release is live and healthy.</summary>
[Message("release.deployed"), EndsThread]
public sealed partial record Deployed(string Service, string Version, string Digest, string Release, string Url, DateTimeOffset At);

/// <summary>The train stopped: nothing was deployed, or what was deployed is rolled back.</summary>
[Message("release.failed"), EndsThread(ThreadOutcome.Failed)]
public sealed partial record Failed(string Stage, string Reason, IReadOnlyList<string> Details);
