using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace AgentFlow.Architecture.Tests;

/// <summary>The files of this repository, as git tracks them or would.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Paths relative to the root, with forward slashes, build output left out.</summary>
    public static IReadOnlyList<string> Files { get; } =
    [
        .. Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(part => part is "bin" or "obj" or ".git" or ".agentflow" or "deployments" or "artifacts" or "TestResults" or "node_modules" or "__pycache__" or "BenchmarkDotNet.Artifacts"))
            .Order(StringComparer.Ordinal),
    ];

    public static IEnumerable<string> Sources(string folder) => Files.Where(path => path.StartsWith(folder + "/", StringComparison.Ordinal) && path.EndsWith(".cs", StringComparison.Ordinal));

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    public static IEnumerable<Project> Projects => Files.Where(path => path.StartsWith("src/", StringComparison.Ordinal) && path.EndsWith(".csproj", StringComparison.Ordinal)).Select(Project.Load);

    private static string FindRoot([CallerFilePath] string path = "")
    {
        string folder = Path.GetDirectoryName(path)!;
        while (!File.Exists(Path.Combine(folder, "AgentFlow.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The repository's root was not found.");
        return folder;
    }
}

/// <summary>A project of src: its folder is its room.</summary>
internal sealed record Project(string Room, IReadOnlyList<string> Rooms, IReadOnlyList<string> Packages)
{
    public static Project Load(string path)
    {
        var document = XDocument.Load(Path.Combine(Repository.Root, path));
        return new Project(
            path.Split('/')[1],
            [.. document.Descendants("ProjectReference").Select(reference => ((string)reference.Attribute("Include")!).Replace('\\', '/').Split('/')[^2])],
            [.. document.Descendants("PackageReference").Select(reference => (string)reference.Attribute("Include")!)]);
    }
}
