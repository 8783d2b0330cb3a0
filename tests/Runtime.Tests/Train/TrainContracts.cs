namespace AgentFlow.Runtime.Tests.Train;

[Message("release.built")]
public sealed partial record Built(string Service, string Version);

[Message("release.tested")]
public sealed partial record Tested(string Service, string Version, int Passed);

[Message("release.failed"), EndsThread(ThreadOutcome.Failed)]
public sealed partial record TestsFailed(string Service);

[Message("release.deployed"), EndsThread]
public sealed partial record Deployed(string Service, string Version, string Key);

[Message("release.deploy"), RequiresApproval("release-managers", Quorum = 1, ExpiresAfter = "2h")]
[Summary("Deploy {Service} {Version} to production")]
public sealed partial record Deploy(string Service, [ChangedFrom(nameof(Live))] string Version, string Live, Risk Risk);
