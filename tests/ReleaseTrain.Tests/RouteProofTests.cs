namespace AgentFlow.ReleaseTrain.Tests;

/// <summary>The compiler refuses a train that could act without its approval, or that leads nowhere.</summary>
public sealed class RouteProofTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_copied_sample_builds() => Assert.Equal(0, (await BuildAsync(_ => { })).ExitCode);

    [Fact]
    public async Task Taking_the_gated_contract_without_its_approval_does_not_build()
    {
        var result = await BuildAsync(sample => Replace(sample, "Agents/DeployAgent.cs",
            ("Approved<Deploy> approved", "Deploy deploy"), ("        var deploy = approved.Message;\n", "")));
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("error AGF0101", result.Output);
    }

    [Fact]
    public async Task Removing_the_handler_of_a_sent_contract_does_not_build()
    {
        var result = await BuildAsync(sample => File.WriteAllText(Path.Combine(sample, "Agents", "QaAgent.cs"), ""));
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("error AGF0102", result.Output);
    }

    private async Task<ProgramResult> BuildAsync(Action<string> change)
    {
        string sample = _folder["sample"];
        TestFolder.CopySources(Paths.Sample, sample);
        Directory.Delete(Path.Combine(sample, "shop"), recursive: true);
        foreach (string name in (string[])["Directory.Build.props", "Directory.Packages.props", ".editorconfig"])
            File.Copy(Path.Combine(Paths.Repository, name), Path.Combine(_folder.Path, name), overwrite: true);
        string project = Path.Combine(sample, "ReleaseTrain.csproj");
        File.WriteAllText(project, File.ReadAllText(project).Replace("../../src/", Path.Combine(Paths.Repository, "src") + "/"));
        change(sample);
        return await Programs.RunAsync("dotnet", ["build", project, "-c", Paths.Configuration, "-v", "quiet", "--nologo"], _folder.Path);
    }

    private static void Replace(string sample, string file, params (string From, string To)[] changes)
    {
        string path = Path.Combine(sample, file);
        string text = File.ReadAllText(path);
        foreach (var (from, to) in changes)
        {
            Assert.Contains(from, text);
            text = text.Replace(from, to);
        }

        File.WriteAllText(path, text);
    }
}
