using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace AgentFlow.Generators.Shared;

/// <summary>The names of an assembly's module.</summary>
internal static class ModuleName
{
    public const string Class = "AgentFlowModule";

    /// <summary>The namespace of the module: the assembly's name made of identifiers, with a trailing underscore where a type has that name already.</summary>
    public static string Namespace(Compilation compilation)
    {
        string[] parts = [.. (compilation.AssemblyName ?? "").Split('.').Select(Part)];
        for (int length = 1; length <= parts.Length; length++)
        {
            if (compilation.GetTypeByMetadataName(string.Join(".", parts.Take(length))) is not null)
                parts[length - 1] += "_";
        }

        return string.Join(".", parts.Select(Naming.Identifier));
    }

    /// <summary>An identifier that no other metadata name gives: a dot becomes an underscore, everything else but letters and digits an escape.</summary>
    public static string Identifier(string metadataName)
    {
        var text = new StringBuilder(metadataName.Length + 8);
        foreach (char c in metadataName)
        {
            if (char.IsLetterOrDigit(c))
                text.Append(c);
            else if (c == '.')
                text.Append('_');
            else
                text.Append('_').Append(((int)c).ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }

    private static string Part(string part)
    {
        var text = new StringBuilder(part.Length + 1);
        foreach (char c in part)
            text.Append(SyntaxFacts.IsIdentifierPartCharacter(c) ? c : '_');
        if (text.Length == 0 || !SyntaxFacts.IsIdentifierStartCharacter(text[0]))
            text.Insert(0, '_');
        return text.ToString();
    }
}
