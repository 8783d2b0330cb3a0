using System.Globalization;
using AgentFlow.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace AgentFlow.Generators.Tests.Diagnostics;

public sealed class DiagnosticsPageTests
{
    private static readonly DiagnosticDescriptor[] s_rules = [.. new AgentFlowAnalyzer().SupportedDiagnostics];

    public static TheoryData<string> Ids => [.. s_rules.Select(r => r.Id)];

    [Fact]
    public void Every_rule_has_a_section_and_every_section_a_rule() =>
        Assert.Equal(s_rules.Select(r => r.Id).Order(StringComparer.Ordinal), DiagnosticsPage.Sections.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_rule_points_at_its_section_and_has_its_title(string id)
    {
        DiagnosticDescriptor rule = s_rules.Single(r => r.Id == id);
        Assert.EndsWith("docs/diagnostics.md#" + id.ToLowerInvariant(), rule.HelpLinkUri, StringComparison.Ordinal);
        Assert.Equal(rule.Title.ToString(CultureInfo.InvariantCulture), DiagnosticsPage.Sections[id].Title);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_rule_is_listed_in_the_analyzer_releases(string id)
    {
        DiagnosticDescriptor rule = s_rules.Single(r => r.Id == id);
        string releases = File.ReadAllText(Path.Combine(DiagnosticsPage.Root, "src", "Generators", "AnalyzerReleases.Unshipped.md"))
            + File.ReadAllText(Path.Combine(DiagnosticsPage.Root, "src", "Generators", "AnalyzerReleases.Shipped.md"));
        Assert.Contains($"{id} | {rule.Category} | {rule.DefaultSeverity} |", releases, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task The_failing_example_reports_that_rule_only(string id)
    {
        Section section = DiagnosticsPage.Sections[id];
        Diagnostic[] found = id == "AGF0202" ? await WithoutGeneratorAsync(section.Code[0]) : await FindAsync(section, 0);
        Assert.Equal([id], found.Select(d => d.Id).Distinct());
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task The_fixed_example_reports_nothing_and_compiles(string id)
    {
        Section section = DiagnosticsPage.Sections[id];
        Assert.Equal(id == "AGF0202" ? 1 : 2, section.Code.Length);
        int example = section.Code.Length - 1;
        Assert.Empty((await FindAsync(section, example)).Select(d => d.ToString()));
        GeneratorHarness.Run([section.Code[example], .. EntryPoint(section.Code[example])], Options(section, example));
    }

    private static Task<Diagnostic[]> FindAsync(Section section, int example) =>
        AnalyzerHarness.RunAsync([section.Code[example], .. EntryPoint(section.Code[example])], Options(section, example));

    private static async Task<Diagnostic[]> WithoutGeneratorAsync(string source) =>
        [.. await TestCompilation.Create([source]).WithAnalyzers([new AgentFlowAnalyzer()]).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken)];

    private static bool IsApp(string code) => code.StartsWith("// in an executable", StringComparison.Ordinal);

    private static string[] EntryPoint(string code) => IsApp(code) ? ["internal static class Program { private static void Main() { } }"] : [];

    private static TestOptions Options(Section section, int example) => new()
    {
        OutputKind = IsApp(section.Code[example]) ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary,
        AdditionalFiles = section.Locks.Length == 0
            ? new Dictionary<string, string>()
            : new Dictionary<string, string> { ["agentflow.contracts.lock"] = section.Locks[Math.Min(example, section.Locks.Length - 1)] },
    };
}
