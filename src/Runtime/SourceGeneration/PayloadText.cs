using System.Globalization;

namespace AgentFlow.SourceGeneration;

/// <summary>Member values as text for people, in the invariant culture and never shortened. Called by generated code; not for direct use.</summary>
public static class PayloadText
{
    /// <summary>What stands for the value of a <c>[Sensitive]</c> member.</summary>
    public const string Mask = "•••";

    /// <summary>What stands for null.</summary>
    public const string None = "(none)";

    /// <summary>The text, with escapes such as <c>\n</c> and <c>\u{202E}</c> for what is not seen or moves other text around.</summary>
    public static string Of(string? value) => value is null ? None : VisibleText.Escape(value);

    /// <summary>Yes or no.</summary>
    public static string Of(bool value) => value ? "yes" : "no";

    /// <summary>The character.</summary>
    public static string Of(char value) => VisibleText.Escape(value.ToString());

    /// <summary>The bytes as hexadecimal digits.</summary>
    public static string Of(ReadOnlyMemory<byte> value) => Convert.ToHexStringLower(value.Span);

    /// <summary>The bytes as hexadecimal digits.</summary>
    public static string Of(byte[]? value) => value is null ? None : Convert.ToHexStringLower(value);

    /// <summary>Date, time and offset.</summary>
    public static string Of(DateTimeOffset value) => value.ToString("yyyy-MM-dd HH:mm:ss.FFFFFFF zzz", CultureInfo.InvariantCulture);

    /// <summary>The date as yyyy-MM-dd.</summary>
    public static string Of(DateOnly value) => value.ToString("O", CultureInfo.InvariantCulture);

    /// <summary>The time as hh:mm:ss.</summary>
    public static string Of(TimeOnly value) => value.ToString("HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture);

    /// <summary>The URI as it was written.</summary>
    public static string Of(Uri? value) => Of(value?.OriginalString);

    /// <summary>A number or another value that formats itself.</summary>
    public static string Of<T>(T value)
        where T : struct, IFormattable => value.ToString(null, CultureInfo.InvariantCulture);

    /// <summary>The members of a nested value, as <c>Name: text</c>, free text in quotes.</summary>
    public static string Of<T>(PayloadCodec<T> codec, T? value)
        where T : class => value is null ? None : "{ " + string.Join(", ", codec.Describe(value).Select(static member => $"{member.Name}: {member.NestedText}")) + " }";

    /// <summary>The text in quotes, for a place where its own delimiters must not count.</summary>
    public static string Quoted(string? value) => value is null ? None : VisibleText.Quote(value);

    /// <summary>The character in quotes.</summary>
    public static string Quoted(char value) => VisibleText.Quote(value.ToString());

    /// <summary>The URI in quotes.</summary>
    public static string Quoted(Uri? value) => Quoted(value?.OriginalString);

    /// <summary>A member whose text is free: whoever wrote the payload chose every character of it.</summary>
    public static MemberText Free(string name, string? value, string? oldText) => new(name, Of(value), oldText) { FreeText = value };

    /// <summary>A member that is a character.</summary>
    public static MemberText Free(string name, char? value, string? oldText) => Free(name, value?.ToString(), oldText);

    /// <summary>A member that is a URI.</summary>
    public static MemberText Free(string name, Uri? value, string? oldText) => Free(name, value?.OriginalString, oldText);

    /// <summary>The text of a value that may be null.</summary>
    public static string Maybe<T>(T? value, Func<T, string> text)
        where T : struct => value is { } some ? text(some) : None;

    /// <summary>The members of a case of a hierarchy, after the name of the case.</summary>
    public static IReadOnlyList<MemberText> Case(string name, IReadOnlyList<MemberText> members) => [new MemberText("Case", name, null), .. members];

    /// <summary>The items in brackets.</summary>
    public static string List<T>(IEnumerable<T>? items, Func<T, string> text) => items is null ? None : "[" + string.Join(", ", items.Select(text)) + "]";

    /// <summary>The entries in brackets, by key, keys that are text in quotes.</summary>
    public static string Map<TKey, TValue>(IReadOnlyDictionary<TKey, TValue>? entries, Func<TValue, string> text)
        where TKey : notnull => entries is null
            ? None
            : "[" + string.Join(", ", Protocol.Codec.WireTypes.SortedKeys(entries).Select(key => $"{(key is string name ? Quoted(name) : key)}: {text(entries[key])}")) + "]";
}
