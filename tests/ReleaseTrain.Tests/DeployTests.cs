using System.Net.Http.Json;
using System.Text.Json;

namespace AgentFlow.ReleaseTrain.Tests;

/// <summary>The main job with the real tools.</summary>
public sealed class DeployTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_first_command_of_the_readme_builds_tests_scans_and_deploys_the_shop()
    {
        var environment = new Dictionary<string, string?> { ["AGENTFLOW_DEMO_ROOT"] = _folder.Path, ["XDG_DATA_HOME"] = _folder["data"] };
        var program = await Programs.RunAsync(Path.Combine(Paths.Repository, "eng", "demo"), ["--auto-approve", "--json", "--keep"], _folder.Path, environment);
        var result = new TrainResult(program).Expect(0);
        try
        {
            using var http = new HttpClient();
            var version = await http.GetFromJsonAsync<JsonElement>(result.Data.GetProperty("url").GetString() + "/version", TestContext.Current.CancellationToken);
            var receipt = await Programs.RunAsync(Path.Combine(Paths.Repository, "eng", "demo"), ["--verify", result.Receipt, "--json"], _folder.Path, environment);
            string digest = new TrainResult(receipt).Expect(0).Data.GetProperty("verification").GetProperty("members").GetProperty("Digest").GetString()!;
            Assert.StartsWith("sha256:", digest);
            Assert.Equal(digest, version.GetProperty("digest").GetString());
            Assert.Equal("1.9.0", version.GetProperty("version").GetString());
        }
        finally
        {
            await Programs.RunAsync(Path.Combine(Paths.Repository, "eng", "demo"), ["--fresh", "--exit-when-waiting"], _folder.Path, new Dictionary<string, string?>(environment) { ["RELEASETRAIN_DOTNET"] = Paths.RecordedDotnet });
        }
    }

    [Fact]
    public async Task A_red_test_stops_the_train_before_the_gate()
    {
        string repository = await _folder.CloneShopAsync(shop => File.WriteAllText(
            Path.Combine(shop, "tests", "Shop.Tests", "RedTest.cs"), "public class RedTest { [Xunit.Fact] public void Is_red() => Xunit.Assert.Equal(1, 2); }"));
        var train = new Train(_folder.Path, repository) { IsRecorded = false };
        var result = (await train.RunAsync("--auto-approve", "--json")).Expect(1);
        Assert.Equal("failed", result.Data.GetProperty("outcome").GetString());
        Assert.Contains("RedTest.Is_red", result.Json.GetProperty("error").GetProperty("message").GetString());
        Assert.Equal(JsonValueKind.Null, result.Data.GetProperty("approval").ValueKind);
        Assert.Empty(train.LiveReleases);
    }

    [Fact]
    public async Task A_build_that_breaks_stops_the_train_and_shows_the_compilers_words()
    {
        string repository = await _folder.CloneShopAsync(shop => File.AppendAllText(Path.Combine(shop, "src", "Shop", "PriceList.cs"), "this does not compile"));
        var train = new Train(_folder.Path, repository) { IsRecorded = false };
        var result = (await train.RunAsync("--auto-approve", "--json")).Expect(1);
        Assert.Contains("error CS", result.Json.GetProperty("error").GetProperty("message").GetString());
        Assert.Empty(train.LiveReleases);
    }

    [Fact]
    public async Task Another_solution_made_with_dotnet_new_is_deployed_too()
    {
        string repository = _folder["other"];
        Directory.CreateDirectory(repository);
        await Programs.RunWellAsync("dotnet", ["new", "web", "-n", "Other.Web", "-o", "web", "--no-restore"], repository);
        await Programs.RunWellAsync("dotnet", ["new", "xunit", "-n", "Other.Tests", "-o", "tests", "--no-restore"], repository);
        PinPackages(Path.Combine(repository, "tests", "Other.Tests.csproj"));
        await Programs.RunWellAsync("dotnet", ["new", "sln", "-n", "Other", "--format", "sln"], repository);
        await Programs.RunWellAsync("dotnet", ["sln", "add", "web", "tests"], repository);
        await Programs.RunWellAsync("dotnet", ["new", "gitignore"], repository);
        await TestFolder.CommitAsync(repository);

        var train = new Train(_folder.Path, repository) { IsRecorded = false };
        var result = (await train.RunAsync("--auto-approve", "--json")).Expect(0);
        Assert.Equal("completed", result.Data.GetProperty("outcome").GetString());
        Assert.Contains("Other.Web", Assert.Single(train.LiveReleases));
    }

    /// <summary>The template's versions follow the SDK; the ones of this repository are the ones that are known to be there.</summary>
    private static void PinPackages(string project)
    {
        var document = System.Xml.Linq.XDocument.Load(project);
        var versions = new Dictionary<string, string> { ["xunit"] = "2.9.3", ["xunit.runner.visualstudio"] = "4.0.1", ["Microsoft.NET.Test.Sdk"] = "18.11.0" };
        foreach (var reference in document.Descendants("PackageReference").ToList())
        {
            if (versions.TryGetValue((string)reference.Attribute("Include")!, out string? version))
                reference.SetAttributeValue("Version", version);
            else
                reference.Remove();
        }

        document.Save(project);
    }
}
