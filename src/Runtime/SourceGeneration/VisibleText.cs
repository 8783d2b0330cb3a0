using System.Buffers;
using System.Globalization;
using System.Text;

namespace AgentFlow.SourceGeneration;

/// <summary>Text from a payload, made so that nothing in it is invisible, moves other text around or begins a line.</summary>
internal static class VisibleText
{
    private const int ZeroWidthNonJoiner = 0x200C;
    private const int ZeroWidthJoiner = 0x200D;
    private static readonly SearchValues<char> s_plain =
        SearchValues.Create(" !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    /// <summary>The text with escapes for what is not seen: controls, line ends, marks of direction, other formatting, halves of pairs.</summary>
    public static string Escape(string text) => text.AsSpan().ContainsAnyExcept(s_plain) ? Append(new StringBuilder(text.Length + 8), text, isQuoted: false).ToString() : text;

    /// <summary>The text in quotes, so that no delimiter in it counts as one.</summary>
    public static string Quote(string text) => Append(new StringBuilder(text.Length + 8).Append('"'), text, isQuoted: true).Append('"').ToString();

    private static StringBuilder Append(StringBuilder result, string text, bool isQuoted)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (isQuoted && rune.Value is '"' or '\\')
                result.Append('\\').Append((char)rune.Value);
            else if (IsSeen(rune))
                result.Append(rune);
            else
                AppendEscaped(result, rune.Value);
        }

        return result;
    }

    private static void AppendEscaped(StringBuilder result, int value) => _ = value switch
    {
        '\n' => result.Append("\\n"),
        '\r' => result.Append("\\r"),
        '\t' => result.Append("\\t"),
        _ => result.Append(CultureInfo.InvariantCulture, $"\\u{{{value:X}}}"),
    };

    private static bool IsSeen(Rune rune) => !IsBlank(rune.Value) && Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => false,

        // Both join letters and signs into one; neither moves others.
        UnicodeCategory.Format => rune.Value is ZeroWidthNonJoiner or ZeroWidthJoiner,
        _ => true,
    };

    /// <summary>Letters, signs and marks that are drawn as nothing: the grapheme joiner, fillers, an empty pattern, and the selectors that can carry hidden bytes.</summary>
    private static bool IsBlank(int value) => value is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x2800 or 0x3164 or 0xFFA0 or (>= 0xE0100 and <= 0xE01EF);
}
