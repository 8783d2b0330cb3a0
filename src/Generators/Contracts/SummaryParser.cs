using AgentFlow.Generators.Shared;
using Microsoft.CodeAnalysis;

namespace AgentFlow.Generators.Contracts;

/// <summary>The template of <c>[Summary]</c>: text with members in braces; a brace is doubled to stand for itself.</summary>
internal static class SummaryParser
{
    public static EquatableArray<SummaryPart> Parse(INamedTypeSymbol type, string template, ShapeModel shape, Location location, ParseReport report)
    {
        var parts = new List<SummaryPart>();
        string text = "";
        for (int i = 0; i < template.Length; i++)
        {
            char c = template[i];
            if (c is '{' or '}' && i + 1 < template.Length && template[i + 1] == c)
            {
                text += c;
                i++;
                continue;
            }

            if (c is not ('{' or '}'))
            {
                text += c;
                continue;
            }

            int end = c == '{' ? template.IndexOf('}', i) : -1;
            if (end < 0)
            {
                report.Add(ContractDiagnostics.SummaryMember, location, type.Name, $"has a single '{c}'. Write members as {{Name}}, and a brace itself twice.");
                return default;
            }

            string name = template.Substring(i + 1, end - i - 1);
            if (!shape.Members.Any(m => m.Name == name))
                report.Add(ContractDiagnostics.SummaryMember, location, type.Name, $"names '{name}', which is no member of it. Take one of: {string.Join(", ", shape.Members.Select(static m => m.Name))}.");
            if (text.Length > 0)
                parts.Add(new SummaryPart(text, false));
            parts.Add(new SummaryPart(name, true));
            text = "";
            i = end;
        }

        if (text.Length > 0)
            parts.Add(new SummaryPart(text, false));
        return parts.ToEquatableArray();
    }
}
