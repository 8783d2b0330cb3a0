using System.Reflection;

namespace AgentFlow.ReleaseTrain.Tests;

/// <summary>Where things lie.</summary>
internal static class Paths
{
    public static string Repository { get; } = Metadata("RepositoryRoot");

    public static string Configuration { get; } = Metadata("Configuration");

    public static string Sample { get; } = Path.Combine(Repository, "samples", "ReleaseTrain");

    public static string Shop { get; } = Path.Combine(Sample, "shop");

    public static string Train { get; } = Path.Combine(Sample, "bin", Configuration, "net10.0", "ReleaseTrain.dll");

    public static string RecordedDotnet { get; } = Path.Combine(AppContext.BaseDirectory, "Recorded", "dotnet");

    private static string Metadata(string key) =>
        typeof(Paths).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
