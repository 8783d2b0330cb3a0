using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace AgentFlow.Generators.Tests.Harness;

/// <summary>Compilations of test sources against this process's own assemblies, with the strictest settings that a user may have.</summary>
internal static class TestCompilation
{
    public static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.Latest, DocumentationMode.Diagnose);

    private const string GlobalUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.Collections.Immutable;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using AgentFlow;
        """;

    private static readonly MetadataReference[] s_references =
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(static path => !Path.GetFileName(path).StartsWith("AgentFlow.Generators", StringComparison.Ordinal)
                && !Path.GetFileName(path).StartsWith("AgentFlow.CodeFixes", StringComparison.Ordinal))
            .Select(static path => (MetadataReference)MetadataReference.CreateFromFile(path)).ToArray();

    /// <summary>Sources become files 0.cs, 1.cs and so on.</summary>
    public static CSharpCompilation Create(IEnumerable<string> sources, TestOptions? options = null)
    {
        options ??= new TestOptions();
        IEnumerable<SyntaxTree> trees = sources.Select((text, i) => Parse(text, $"{i}.cs")).Append(Parse(GlobalUsings, "usings.cs"));
        var compilationOptions = new CSharpCompilationOptions(
            options.OutputKind, nullableContextOptions: NullableContextOptions.Enable, checkOverflow: true, generalDiagnosticOption: ReportDiagnostic.Default,
            deterministic: true, warningLevel: 9999);
        return CSharpCompilation.Create(options.AssemblyName, trees, [.. s_references, .. options.References], compilationOptions);
    }

    public static SyntaxTree Parse(string text, string path) =>
        CSharpSyntaxTree.ParseText(SourceText.From(text, System.Text.Encoding.UTF8), ParseOptions, path);

    /// <summary>Warnings and errors; of missing documentation only in generated code.</summary>
    public static string[] Problems(Compilation compilation) =>
        compilation.GetDiagnostics()
            .Where(static d => d.Severity >= DiagnosticSeverity.Warning && !d.IsSuppressed)
            .Where(static d => d.Id is not ("CS1591" or "CS1573") || d.Location.SourceTree?.FilePath.EndsWith(".g.cs", StringComparison.Ordinal) == true)
            .Select(static d => d.ToString()).ToArray();
}

/// <summary>What a test may vary.</summary>
internal sealed record TestOptions
{
    public OutputKind OutputKind { get; init; } = OutputKind.DynamicallyLinkedLibrary;

    public string AssemblyName { get; init; } = "Shop";

    public IReadOnlyList<MetadataReference> References { get; init; } = [];

    /// <summary>Additional files by path.</summary>
    public IReadOnlyDictionary<string, string> AdditionalFiles { get; init; } = new Dictionary<string, string>();

    /// <summary>MSBuild properties that the compiler sees, without <c>build_property.</c>.</summary>
    public IReadOnlyDictionary<string, string> BuildProperties { get; init; } = new Dictionary<string, string>();
}
