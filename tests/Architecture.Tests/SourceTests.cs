using System.Text.RegularExpressions;

namespace AgentFlow.Architecture.Tests;

/// <summary>What no source file of ours may hold.</summary>
public sealed class SourceTests
{
    public static TheoryData<string, string> Banned => new()
    {
        { @"\bDateTime(Offset)?\.(Utc)?Now\b", "take the time from a TimeProvider" },
        { @"\bGuid\.NewGuid\(", "take ids from the time or from the secure random source" },
        { @"\bNotImplementedException\b", "leave no stub" },
        { @"\b(TO" + @"DO|FIX" + @"ME|HA" + @"CK)\b", "do it, or write it down where people look" },
        { @"\bThread\.Sleep\(", "wait for an event" },
        { @"\.GetAwaiter\(\)\.GetResult\(\)", "await it" },
        { @"catch\s*(\([^)]*\))?\s*\{\s*\}", "say why an error may be ignored" },
        { @"\bnew Random\(|Random\.Shared\.NextBytes", "secrets come from the secure random source" },
    };

    [Theory]
    [MemberData(nameof(Banned))]
    public void A_library_does_not_use_what_is_banned(string pattern, string instead) =>
        Assert.True(!Offenders(pattern).Any(), $"{instead}: {string.Join(", ", Offenders(pattern))}");

    [Fact]
    public void Only_an_executable_writes_to_the_console()
    {
        string[] executables = [.. Repository.Files.Where(path => path.StartsWith("src/", StringComparison.Ordinal) && path.EndsWith(".csproj", StringComparison.Ordinal))
            .Where(path => Repository.Read(path).Contains("<OutputType>Exe</OutputType>", StringComparison.Ordinal)).Select(path => path[..(path.LastIndexOf('/') + 1)])];
        var libraries = Offenders(@"\bConsole\.").Where(path => !executables.Any(folder => path.StartsWith(folder, StringComparison.Ordinal))).ToList();
        Assert.Empty(libraries);
    }

    [Fact]
    public void Tests_do_not_sleep()
    {
        var sleeping = Repository.Sources("tests")
            .Where(path => !path.EndsWith("/SourceTests.cs", StringComparison.Ordinal) && Regex.IsMatch(Repository.Read(path), @"\bThread\.Sleep\("));
        Assert.Empty(sleeping);
    }

    [Fact]
    public void A_silenced_warning_names_its_reason()
    {
        var silenced = Repository.Sources("src").SelectMany(path => Repository.Read(path).Split('\n')
            .Where(line => Regex.IsMatch(line, @"^\s*#pragma warning disable") && !line.Contains("//", StringComparison.Ordinal))
            .Select(line => $"{path}: {line.Trim()}"));
        Assert.Empty(silenced);
    }

    [Fact]
    public void The_repository_names_no_machine()
    {
        var offenders = Repository.Files
            .Where(path => Regex.IsMatch(path, @"\.(cs|md|json|yml|props|targets|csproj|sh|py|sln)$|^eng/|^\.ci/"))
            .Where(path => Regex.IsMatch(Repository.Read(path), @"(^|[^A-Za-z0-9_./-])/(work|root|farm)/", RegexOptions.Multiline));
        Assert.Empty(offenders);
    }

    private static IEnumerable<string> Offenders(string pattern) =>
        Repository.Sources("src").Where(path => Regex.IsMatch(Repository.Read(path), pattern));
}
