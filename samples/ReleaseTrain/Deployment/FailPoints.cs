namespace ReleaseTrain.Deployment;

/// <summary>Where the train can be killed on purpose, beside the fail-points of AgentFlow itself.</summary>
public static class FailPoints
{
    public const string ReleasePrepared = "train.release-prepared";
    public const string LinkSwitched = "train.link-switched";
    public const string ServiceStarted = "train.service-started";
    public const string ServiceHealthy = "train.service-healthy";

    public static IReadOnlyList<string> All { get; } = [ReleasePrepared, LinkSwitched, ServiceStarted, ServiceHealthy];
}
