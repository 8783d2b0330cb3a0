using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace AgentFlow.Generators.Tests.Harness;

/// <summary>Runs the analyzer over sources together with what the generator makes of them.</summary>
internal static class AnalyzerHarness
{
    /// <summary>All AGF diagnostics that are not suppressed, by position.</summary>
    public static async Task<Diagnostic[]> RunAsync(IReadOnlyList<string> sources, TestOptions? options = null)
    {
        options ??= new TestOptions();
        GeneratorResult generated = GeneratorHarness.RunUnchecked(sources, options);
        var files = options.AdditionalFiles.Select(static AdditionalText (file) => new TestFile(file.Key, file.Value));
        var analyzer = generated.Compilation.WithAnalyzers(
            [new AgentFlowAnalyzer()],
            new CompilationWithAnalyzersOptions(new AnalyzerOptions([.. files], new TestBuildProperties(options.BuildProperties)), OnException, true, false));
        var diagnostics = await analyzer.GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        return [.. diagnostics.Where(static d => !d.IsSuppressed).OrderBy(static d => d.Location.SourceTree?.FilePath, StringComparer.Ordinal).ThenBy(static d => d.Location.SourceSpan.Start).ThenBy(static d => d.Id, StringComparer.Ordinal)];
    }

    /// <summary>Proves that a rule is reported exactly once, and gives the message.</summary>
    public static async Task<string> SingleAsync(string id, string source, TestOptions? options = null)
    {
        Diagnostic diagnostic = Assert.Single(await RunAsync([source], options), d => d.Id == id);
        return diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Proves that a rule is not reported.</summary>
    public static async Task NoneAsync(string id, string source, TestOptions? options = null) => Assert.DoesNotContain(await RunAsync([source], options), d => d.Id == id);

    private static void OnException(Exception exception, DiagnosticAnalyzer analyzer, Diagnostic diagnostic) =>
        Assert.Fail($"{analyzer.GetType().Name} threw: {exception}");
}
