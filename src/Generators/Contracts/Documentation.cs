using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;

namespace AgentFlow.Generators.Contracts;

/// <summary>XML documentation, read from the comment itself because the compiler drops it where no documentation file is asked for.</summary>
internal static class Documentation
{
    private static readonly Regex s_sentence = new(@"^.*?[.!?](?=\s|$)", RegexOptions.Singleline | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    /// <summary>The first sentence of the summary of a symbol of this compilation, or null.</summary>
    public static string? Summary(ISymbol symbol) => Text(Comment(symbol)?.Element("summary"));

    /// <summary>The first sentence of what a type says of a positional parameter, or null.</summary>
    public static string? Parameter(ISymbol type, string name) =>
        Text(Comment(type)?.Elements("param").FirstOrDefault(element => (string?)element.Attribute("name") == name));

    private static XElement? Comment(ISymbol symbol)
    {
        foreach (SyntaxReference reference in symbol.DeclaringSyntaxReferences)
        {
            IEnumerable<string> lines = reference.GetSyntax().GetLeadingTrivia().ToFullString().Split('\n')
                .Select(static line => line.Trim()).Where(static line => line.StartsWith("///", StringComparison.Ordinal)).Select(static line => line.Substring(3));
            string xml = string.Join("\n", lines);
            if (xml.Length == 0)
                continue;
            try
            {
                return XElement.Parse("<doc>" + xml + "</doc>");
            }
            catch (XmlException)
            {
                // The compiler warns about malformed documentation; here it counts as none.
                return null;
            }
        }

        return null;
    }

    private static string? Text(XElement? element)
    {
        if (element is null)
            return null;
        foreach (XElement reference in element.Descendants().Where(static e => e.IsEmpty).ToArray())
        {
            string name = (string?)reference.Attribute("cref") ?? (string?)reference.Attribute("name") ?? (string?)reference.Attribute("langword") ?? "";
            reference.ReplaceWith(new XText(name.Substring(name.LastIndexOf('.') + 1)));
        }

        string text = Regex.Replace(element.Value, @"\s+", " ", RegexOptions.None, TimeSpan.FromSeconds(1)).Trim();
        Match sentence = s_sentence.Match(text);
        return text.Length == 0 ? null : sentence.Success ? sentence.Value : text;
    }
}
