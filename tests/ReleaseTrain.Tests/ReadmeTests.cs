using System.Text.RegularExpressions;

namespace AgentFlow.ReleaseTrain.Tests;

/// <summary>What the README shows is what is compiled and generated.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string s_readme = File.ReadAllText(Path.Combine(Paths.Repository, "README.md"));

    [Fact]
    public void The_sample_of_the_readme_is_the_program_that_compiles() =>
        Assert.Equal(File.ReadAllText(Path.Combine(Paths.Repository, "samples", "MinimalChain", "Program.cs")), Block("csharp"));

    [Fact]
    public void The_picture_of_the_readme_is_the_graph_that_the_generator_draws() =>
        Assert.Equal(MinimalChain.AgentFlowModule.Descriptor.GraphMermaid.TrimEnd(), Block("mermaid").TrimEnd());

    [Fact]
    public void The_readme_names_only_files_that_exist()
    {
        foreach (Match link in Link().Matches(s_readme))
        {
            string path = Path.Combine(Paths.Repository, link.Groups[1].Value.Split('#')[0]);
            Assert.True(File.Exists(path) || Directory.Exists(path), link.Value);
        }
    }

    [Fact]
    public async Task The_minimal_chain_runs_to_its_end()
    {
        using var folder = new TestFolder();
        string program = Path.Combine(Paths.Repository, "samples", "MinimalChain", "bin", Paths.Configuration, "net10.0", "MinimalChain.dll");
        var result = await Programs.RunAsync("dotnet", [program], folder.Path, new Dictionary<string, string?> { ["XDG_DATA_HOME"] = folder["data"] });
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("Deploy shop 1.9.0 to production?", result.Output);
        Assert.Contains("Completed", result.Output);
    }

    private static string Block(string language) => Regex.Match(s_readme, $"```{language}\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;

    [GeneratedRegex(@"\]\((?!http)([^)]+)\)")]
    private static partial Regex Link();
}
