using AgentFlow.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace AgentFlow.Generators.Tests.CodeFixes;

/// <summary>Applies a code fix to the first diagnostic of its id.</summary>
internal static class CodeFixHarness
{
    /// <summary>The text after the fix, or null where the fix offers nothing.</summary>
    public static async Task<string?> FixAsync(CodeFixProvider fix, string id, string source)
    {
        Solution? changed = await ApplyAsync(fix, id, source, null);
        return changed is null ? null : (await changed.Projects.Single().Documents.Single(d => d.Name == "0.cs").GetTextAsync(TestContext.Current.CancellationToken)).ToString();
    }

    /// <summary>The solution after the fix, with an additional file beside the source.</summary>
    public static async Task<Solution?> ApplyAsync(CodeFixProvider fix, string id, string source, string? lockFile)
    {
        Assert.Contains(id, fix.FixableDiagnosticIds);
        var options = new TestOptions();
        if (lockFile is not null)
            options = options with { AdditionalFiles = new Dictionary<string, string> { ["agentflow.contracts.lock"] = lockFile } };
        Diagnostic found = (await AnalyzerHarness.RunAsync([source], options)).First(d => d.Id == id);
        Document document = Open(source, lockFile);
        var actions = new List<CodeAction>();
        SyntaxTree tree = (await document.GetSyntaxTreeAsync(TestContext.Current.CancellationToken))!;
        Diagnostic here = Diagnostic.Create(found.Descriptor, Location.Create(tree, found.Location.SourceSpan), found.Properties);
        await fix.RegisterCodeFixesAsync(new CodeFixContext(document, here, (action, _) => actions.Add(action), TestContext.Current.CancellationToken));
        if (actions.Count == 0)
            return null;
        var operations = await Assert.Single(actions).GetOperationsAsync(TestContext.Current.CancellationToken);
        return operations.OfType<ApplyChangesOperation>().Single().ChangedSolution;
    }

    private static Document Open(string source, string? lockFile)
    {
        var workspace = new AdhocWorkspace();
        var compilation = TestCompilation.Create([source]);
        Project project = workspace.AddProject("Shop", LanguageNames.CSharp)
            .WithCompilationOptions(compilation.Options).WithParseOptions(TestCompilation.ParseOptions).WithMetadataReferences(compilation.References);
        project = project.AddDocument("usings.cs", compilation.SyntaxTrees.Last().GetText(TestContext.Current.CancellationToken)).Project;
        if (lockFile is not null)
            project = project.AddAdditionalDocument("agentflow.contracts.lock", SourceText.From(lockFile), filePath: "agentflow.contracts.lock").Project;
        return project.AddDocument("0.cs", SourceText.From(source));
    }
}
