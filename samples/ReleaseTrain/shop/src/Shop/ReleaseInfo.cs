namespace Shop;

/// <summary>What runs here, as the deployment says it.</summary>
public sealed record ReleaseInfo(string Version, string Digest)
{
    public static ReleaseInfo FromEnvironment() => new(
        Environment.GetEnvironmentVariable("RELEASE_VERSION") ?? typeof(ReleaseInfo).Assembly.GetName().Version?.ToString(3) ?? "unknown",
        Environment.GetEnvironmentVariable("RELEASE_DIGEST") ?? "not deployed");
}
