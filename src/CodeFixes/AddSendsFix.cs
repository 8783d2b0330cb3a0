using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AgentFlow.CodeFixes;

/// <summary>AGF0108: declares a contract that an agent sends on its way.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class AddSendsFix() : SyntaxFix("AGF0108", "Add [Sends]")
{
    private protected override SyntaxNode? Fix(SyntaxNode root, SemanticModel model, SyntaxNode node, CancellationToken cancellationToken)
    {
        InvocationExpressionSyntax? call = node.AncestorsAndSelf().OfType<InvocationExpressionSyntax>().FirstOrDefault();
        TypeDeclarationSyntax? agent = node.Ancestors().OfType<TypeDeclarationSyntax>().FirstOrDefault(IsAgent);
        if (call is null || agent is null || model.GetSymbolInfo(call, cancellationToken).Symbol is not IMethodSymbol { TypeArguments.Length: 1 } method
            || method.TypeArguments[0] is not INamedTypeSymbol contract)
        {
            return null;
        }

        AttributeSyntax sends = Attributes.List("Sends",
            SyntaxFactory.TypeOfExpression(SyntaxFactory.ParseTypeName(contract.ToMinimalDisplayString(model, agent.SpanStart)))).Attributes[0];
        AttributeListSyntax list = agent.AttributeLists.First(l => l.Attributes.Any(a => IsAgentAttribute(a)));
        SyntaxToken comma = SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(SyntaxFactory.Space);
        AttributeListSyntax longer = list.WithAttributes(SyntaxFactory.SeparatedList(
            list.Attributes.Concat([sends]), list.Attributes.GetSeparators().Concat([comma])));
        return root.ReplaceNode(list, longer);

        bool IsAgent(TypeDeclarationSyntax type) => type.AttributeLists.SelectMany(l => l.Attributes).Any(IsAgentAttribute);

        bool IsAgentAttribute(AttributeSyntax attribute) =>
            model.GetSymbolInfo(attribute, cancellationToken)
                .Symbol?.ContainingType is { Name: "AgentAttribute", ContainingNamespace: { Name: "AgentFlow", ContainingNamespace.IsGlobalNamespace: true } };
    }
}
