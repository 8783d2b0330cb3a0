using System.Globalization;
using AgentFlow.Generators.Tests.Agents;
using AgentFlow.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace AgentFlow.Generators.Tests.Diagnostics;

/// <summary>Runs the analyzer over a source beside the contracts that the tests share.</summary>
internal static class RuleTest
{
    public static readonly TestOptions App = new() { OutputKind = OutputKind.ConsoleApplication };

    private const string EntryPoint = "internal static class Program { private static void Main() { } }";

    /// <summary>What is found in a library, as "id: message".</summary>
    public static Task<string[]> FindAsync(string source) => FindAsync(source, new TestOptions());

    /// <summary>What is found in an executable.</summary>
    public static Task<string[]> FindInAppAsync(string source, params MetadataReference[] references) => FindAsync(source, App with { References = references });

    private static async Task<string[]> FindAsync(string source, TestOptions options)
    {
        bool isApp = options.OutputKind == OutputKind.ConsoleApplication;
        string[] sources = options.References.Count > 0 ? [source] : [AgentHarness.Contracts, "namespace Shop;\n" + source];
        Diagnostic[] found = await AnalyzerHarness.RunAsync([.. sources, .. isApp && !source.Contains("Main(", StringComparison.Ordinal) ? new[] { EntryPoint } : []], options);
        return [.. found.Select(d => $"{d.Id}: {d.GetMessage(CultureInfo.InvariantCulture)}")];
    }
}
