using System.Diagnostics;
using System.Text;

namespace AgentFlow.Diagnostics;

/// <summary>Baggage in the W3C form: members joined by commas, each a key, an equals sign and a percent-encoded value.</summary>
/// <remarks>Reference: W3C Baggage. Limits: 64 members and 8,192 characters, in both directions; what is beyond is left out.</remarks>
internal static class BaggageText
{
    private const int MaxMembers = 64;
    private const int MaxLength = 8192;

    /// <summary>The text, or null where there is nothing to say.</summary>
    public static string? Write(IEnumerable<KeyValuePair<string, string?>> baggage)
    {
        StringBuilder? text = null;
        int members = 0;
        foreach (var (key, value) in baggage)
        {
            string member = $"{Uri.EscapeDataString(key)}={Uri.EscapeDataString(value ?? "")}";
            if (key.Length == 0 || ++members > MaxMembers || (text?.Length ?? 0) + 1 + member.Length > MaxLength)
                continue;
            text ??= new StringBuilder();
            text.Append(text.Length > 0 ? "," : "").Append(member);
        }

        return text?.ToString();
    }

    /// <summary>Adds what a text says to an activity. The text may be hostile: a member that is none is left out.</summary>
    public static void Read(string? text, Activity activity)
    {
        if (text is null || text.Length > MaxLength)
            return;
        foreach (string member in text.Split(',', MaxMembers + 1).Take(MaxMembers))
        {
            string pair = member.Split(';', 2)[0];
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && pair[..equals].Trim() is { Length: > 0 } key)
                activity.SetBaggage(Uri.UnescapeDataString(key), Uri.UnescapeDataString(pair[(equals + 1)..].Trim()));
        }
    }
}
