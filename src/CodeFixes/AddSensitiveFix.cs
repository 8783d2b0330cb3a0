using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AgentFlow.CodeFixes;

/// <summary>AGF0007: marks a member <c>[Sensitive]</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class AddSensitiveFix() : SyntaxFix("AGF0007", "Mark [Sensitive]")
{
    private protected override SyntaxNode? Fix(SyntaxNode root, SemanticModel model, SyntaxNode node, CancellationToken cancellationToken)
    {
        AttributeListSyntax list = Attributes.List("Sensitive").WithTrailingTrivia(SyntaxFactory.Space);
        SyntaxNode? member = node.AncestorsAndSelf().FirstOrDefault(n => n is ParameterSyntax or PropertyDeclarationSyntax);
        return member switch
        {
            ParameterSyntax parameter =>
                root.ReplaceNode(parameter, Attributes.Add(parameter, list, parameter.AttributeLists, static (p, lists) => p.WithAttributeLists(lists))),
            PropertyDeclarationSyntax property =>
                root.ReplaceNode(property, Attributes.Add(property, list, property.AttributeLists, static (p, lists) => p.WithAttributeLists(lists))),
            _ => null,
        };
    }
}
