using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AgentFlow.CodeFixes;

/// <summary>Makes attributes and puts them before what stands there.</summary>
internal static class Attributes
{
    /// <summary><c>[Name]</c> or <c>[Name(argument)]</c>.</summary>
    public static AttributeListSyntax List(string name, ExpressionSyntax? argument = null)
    {
        AttributeSyntax attribute = SyntaxFactory.Attribute(SyntaxFactory.ParseName(name));
        if (argument is not null)
            attribute = attribute.AddArgumentListArguments(SyntaxFactory.AttributeArgument(argument));
        return SyntaxFactory.AttributeList(SyntaxFactory.SingletonSeparatedList(attribute));
    }

    /// <summary>Adds a list of attributes as the first one; comments and white space before the node stay in front of it.</summary>
    public static TNode Add<TNode>(
        TNode node, AttributeListSyntax list, SyntaxList<AttributeListSyntax> lists, Func<TNode, SyntaxList<AttributeListSyntax>, TNode> with)
        where TNode : SyntaxNode
    {
        SyntaxTriviaList leading = node.GetLeadingTrivia();
        SyntaxList<AttributeListSyntax> rest = lists.Count == 0 ? lists : lists.Replace(lists[0], lists[0].WithLeadingTrivia());
        TNode bare = lists.Count == 0 ? node.WithLeadingTrivia() : node;
        return with(bare, rest.Insert(0, list.WithLeadingTrivia(leading)));
    }
}
