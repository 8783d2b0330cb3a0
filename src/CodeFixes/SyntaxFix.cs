using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace AgentFlow.CodeFixes;

/// <summary>A fix that changes the syntax of one document.</summary>
public abstract class SyntaxFix : CodeFixProvider
{
    private readonly string _id;
    private readonly string _title;

    private protected SyntaxFix(string id, string title) => (_id, _title) = (id, title);

    /// <inheritdoc/>
    public sealed override ImmutableArray<string> FixableDiagnosticIds => [_id];

    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        SemanticModel? model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        if (root is null || model is null)
            return;
        SyntaxNode node = root.FindNode(context.Span, getInnermostNodeForTie: true);
        if (Fix(root, model, node, context.CancellationToken) is { } changed)
            context.RegisterCodeFix(CodeAction.Create(_title, _ => Task.FromResult(context.Document.WithSyntaxRoot(changed)), _id), context.Diagnostics);
    }

    /// <summary>The changed root, or null where the fix does not apply.</summary>
    private protected abstract SyntaxNode? Fix(SyntaxNode root, SemanticModel model, SyntaxNode node, CancellationToken cancellationToken);
}
