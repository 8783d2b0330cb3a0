using System.Globalization;
using System.Text;

namespace AgentFlow.Generators.Contracts;

/// <summary>Names of members and types in JSON and in <c>.proto</c>.</summary>
internal static class ContractNames
{
    /// <summary>Whether a text is a wire name: dotted segments of lower-case letters, digits, hyphens and underscores, each beginning with a letter; 1 to 128 characters.</summary>
    public static bool IsWireName(string? name) => name is { Length: >= 1 and <= 128 } && name.Split('.').All(static segment =>
        segment.Length > 0 && segment[0] is >= 'a' and <= 'z' && segment.All(static c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-' or '_'));

    /// <summary><c>ServiceName</c> as <c>serviceName</c>, <c>URLPath</c> as <c>urlPath</c>.</summary>
    public static string CamelCase(string name)
    {
        char[] chars = name.ToCharArray();
        for (int i = 0; i < chars.Length && char.IsUpper(chars[i]); i++)
        {
            if (i > 0 && i + 1 < chars.Length && !char.IsUpper(chars[i + 1]))
                break;
            chars[i] = char.ToLowerInvariant(chars[i]);
        }

        return new string(chars);
    }

    /// <summary><c>ServiceName</c> as <c>service_name</c>; what no <c>.proto</c> identifier may hold becomes a hexadecimal escape.</summary>
    public static string SnakeCase(string name)
    {
        var text = new StringBuilder(name.Length + 8);
        for (int i = 0; i < name.Length; i++)
        {
            bool begins = i > 0 && char.IsUpper(name[i]) && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));
            if (begins && text.Length > 0 && text[text.Length - 1] != '_')
                text.Append('_');
            text.Append(char.ToLowerInvariant(name[i]));
        }

        return Ascii(text.ToString(), "f");
    }

    /// <summary><c>built-image</c> as <c>BuiltImage</c>.</summary>
    public static string PascalCase(string segment)
    {
        var text = new StringBuilder(segment.Length);
        foreach (string word in segment.Split('-', '_'))
        {
            if (word.Length > 0)
                text.Append(char.ToUpperInvariant(word[0])).Append(word, 1, word.Length - 1);
        }

        return Ascii(text.ToString(), "M");
    }

    /// <summary>A CLR name as an identifier of a <c>.proto</c>.</summary>
    public static string Ascii(string name, string prefix)
    {
        var text = new StringBuilder(name.Length);
        foreach (char c in name)
        {
            if (c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '_')
                text.Append(c);
            else
                text.Append('u').Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
        }

        return text.Length > 0 && text[0] is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') ? text.ToString() : prefix + text;
    }

    /// <summary>The name, with a number where it is taken; names that differ in case and underscores only count as the same.</summary>
    public static string Unique(string name, HashSet<string> taken)
    {
        string candidate = name;
        for (int i = 2; !taken.Add(candidate.Replace("_", "").ToLowerInvariant()); i++)
            candidate = name + i.ToString(CultureInfo.InvariantCulture);
        return candidate;
    }
}
