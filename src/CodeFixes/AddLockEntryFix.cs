using System.Collections.Immutable;
using System.Composition;
using AgentFlow.Generators.Contracts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;

namespace AgentFlow.CodeFixes;

/// <summary>AGF0012: appends the present shape of a contract to <c>agentflow.contracts.lock</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class AddLockEntryFix : CodeFixProvider
{
    private const string Title = "Add to " + LockFile.FileName;

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => ["AGF0012"];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => AddAllLockEntries.Instance;

    /// <inheritdoc/>
    public override Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        Project project = context.Document.Project;
        if (Find(project) is not null)
        {
            ImmutableArray<Diagnostic> diagnostics = context.Diagnostics;
            context.RegisterCodeFix(CodeAction.Create(Title, token => AppendAsync(project.Solution, project.Id, diagnostics, token), "AGF0012"), diagnostics);
        }

        return Task.CompletedTask;
    }

    private static TextDocument? Find(Project project) => project.AdditionalDocuments.FirstOrDefault(file => LockFile.Is(file.FilePath ?? file.Name));

    private static async Task<Solution> AppendAsync(Solution solution, ProjectId id, IEnumerable<Diagnostic> diagnostics, CancellationToken cancellationToken)
    {
        if (solution.GetProject(id) is not { } project || Find(project) is not { } file)
            return solution;
        SourceText text = await file.GetTextAsync(cancellationToken).ConfigureAwait(false);
        IEnumerable<string> entries = diagnostics.Select(d => d.Properties.TryGetValue(LockRule.EntryProperty, out string? entry) ? entry : null)
            .OfType<string>().Distinct().OrderBy(e => e, StringComparer.Ordinal);
        string before = text.ToString().TrimEnd();
        string after = string.Join("\n", new[] { before.Length == 0 ? "" : before + "\n" }.Concat(entries).Where(part => part.Length > 0));
        return solution.WithAdditionalDocumentText(file.Id, SourceText.From(after, text.Encoding));
    }

    /// <summary>Adds every contract of the projects at once: each changes the same file, so their changes cannot be merged.</summary>
    private sealed class AddAllLockEntries : FixAllProvider
    {
        public static readonly AddAllLockEntries Instance = new();

        public override IEnumerable<FixAllScope> GetSupportedFixAllScopes() => [FixAllScope.Project, FixAllScope.Solution];

        public override Task<CodeAction?> GetFixAsync(FixAllContext context) =>
            Task.FromResult<CodeAction?>(CodeAction.Create(Title, token => FixAsync(context), "AGF0012"));

        private static async Task<Solution> FixAsync(FixAllContext context)
        {
            Solution solution = context.Solution;
            foreach (Project project in context.Scope == FixAllScope.Solution ? solution.Projects : [context.Project])
            {
                ImmutableArray<Diagnostic> diagnostics = await context.GetAllDiagnosticsAsync(project).ConfigureAwait(false);
                if (!diagnostics.IsEmpty)
                    solution = await AppendAsync(solution, project.Id, diagnostics, context.CancellationToken).ConfigureAwait(false);
            }

            return solution;
        }
    }
}
