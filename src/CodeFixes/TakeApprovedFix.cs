using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AgentFlow.CodeFixes;

/// <summary>AGF0101: takes <c>Approved&lt;T&gt;</c> instead of a gated <c>T</c>, and its <c>Message</c> wherever the handler used the parameter.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class TakeApprovedFix() : SyntaxFix("AGF0101", "Take Approved<T>")
{
    private protected override SyntaxNode? Fix(SyntaxNode root, SemanticModel model, SyntaxNode node, CancellationToken cancellationToken)
    {
        ParameterSyntax? parameter = node.AncestorsAndSelf().OfType<ParameterSyntax>().FirstOrDefault();
        if (parameter?.Type is not { } type || parameter.FirstAncestorOrSelf<MethodDeclarationSyntax>() is not { } method
            || model.GetDeclaredSymbol(parameter, cancellationToken) is not { } symbol || !IsGated(symbol.Type))
        {
            return null;
        }

        IEnumerable<IdentifierNameSyntax> uses = method.DescendantNodes().OfType<IdentifierNameSyntax>().Where(name =>
            name.Identifier.ValueText == symbol.Name && SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(name, cancellationToken).Symbol, symbol));
        TypeSyntax contract = type is NullableTypeSyntax nullable ? nullable.ElementType : type;
        TypeSyntax approved = SyntaxFactory.GenericName(SyntaxFactory.Identifier("Approved"),
            SyntaxFactory.TypeArgumentList(SyntaxFactory.SingletonSeparatedList(contract.WithoutTrivia())))
            .WithTriviaFrom(type);
        return root.ReplaceNodes(new SyntaxNode[] { type }.Concat(uses), (original, _) =>
            original == type ? approved : Message((IdentifierNameSyntax)original));
    }

    private static SyntaxNode Message(IdentifierNameSyntax use) => SyntaxFactory.MemberAccessExpression(
        SyntaxKind.SimpleMemberAccessExpression, use.WithoutTrivia(), SyntaxFactory.IdentifierName("Message")).WithTriviaFrom(use);

    private static bool IsGated(ITypeSymbol type) => type.GetAttributes().Any(a => a.AttributeClass is
        { Name: "RequiresApprovalAttribute", ContainingNamespace: { Name: "AgentFlow", ContainingNamespace.IsGlobalNamespace: true } });
}
