using System.Globalization;
using System.Text.Json;

namespace AgentFlow.SourceGeneration;

/// <summary>Reads a value from JSON, with the reader on its first token.</summary>
public delegate T JsonRead<out T>(ref Utf8JsonReader reader);

/// <summary>The JSON of objects, lists and maps. Called by generated code; not for direct use.</summary>
/// <remarks>Every method that reads throws <see cref="JsonException"/> for JSON that does not fit, and nothing else.</remarks>
public static class PayloadJson
{
    /// <summary>Requires the start of an object.</summary>
    public static void BeginObject(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.None)
            reader.Read();
        Expect(ref reader, JsonTokenType.StartObject, "an object");
    }

    /// <summary>Goes to the value of the next property; false at the end of the object.</summary>
    public static bool NextMember(ref Utf8JsonReader reader, out string? name)
    {
        name = null;
        Advance(ref reader);
        if (reader.TokenType == JsonTokenType.EndObject)
            return false;
        string found = JsonScalars.Text(ref reader);
        Advance(ref reader);
        name = found;
        return true;
    }

    /// <summary>Refuses a property that stands twice in an object.</summary>
    public static void Once(bool isFirst)
    {
        if (!isFirst)
            throw Error("stands twice.");
    }

    /// <summary>The case of a closed hierarchy, from the property <c>$case</c> of the object that the reader stands on.</summary>
    public static string ReadCase(Utf8JsonReader reader)
    {
        BeginObject(ref reader);
        while (NextMember(ref reader, out string? name))
        {
            if (name == "$case")
                return JsonScalars.ReadString(ref reader);
            Skip(ref reader);
        }

        throw Missing("$case");
    }

    /// <summary>Skips a value of a property that is not known.</summary>
    public static void Skip(ref Utf8JsonReader reader)
    {
        if (!reader.TrySkip())
            throw Error("the JSON ends early.");
    }

    /// <summary>Whether the value is null.</summary>
    public static bool IsNull(ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.Null;

    /// <summary>Reads an array.</summary>
    public static List<T> ReadList<T>(ref Utf8JsonReader reader, JsonRead<T> readItem)
    {
        Expect(ref reader, JsonTokenType.StartArray, "an array");
        var items = new List<T>();
        try
        {
            for (Advance(ref reader); reader.TokenType != JsonTokenType.EndArray; Advance(ref reader))
                items.Add(readItem(ref reader));
        }
        catch (JsonException exception)
        {
            throw Prefix(exception, string.Create(CultureInfo.InvariantCulture, $"[{items.Count}]"));
        }

        return items;
    }

    /// <summary>Reads an object whose property names are keys.</summary>
    public static Dictionary<string, T> ReadMap<T>(ref Utf8JsonReader reader, JsonRead<T> readItem)
    {
        var items = new Dictionary<string, T>(StringComparer.Ordinal);
        BeginObject(ref reader);
        string? key = null;
        try
        {
            while (NextMember(ref reader, out key))
                Once(items.TryAdd(key!, readItem(ref reader)));
        }
        catch (JsonException exception) when (key is not null)
        {
            throw Prefix(exception, $"[\"{key}\"]");
        }

        return items;
    }

    /// <summary>Reads an object whose property names are whole numbers.</summary>
    public static Dictionary<int, T> ReadInt32Map<T>(ref Utf8JsonReader reader, JsonRead<T> readItem)
    {
        var items = new Dictionary<int, T>();
        foreach ((string text, T item) in ReadMap(ref reader, readItem))
        {
            if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int key))
                throw Prefix(Error("the key is not a whole number."), $"[\"{text}\"]");
            Once(items.TryAdd(key, item));
        }

        return items;
    }

    /// <summary>The error of a property that must be there.</summary>
    public static JsonException Missing(string name) => new JsonPathException("." + name, "is missing.", null);

    /// <summary>The error of an enum name or case that does not exist.</summary>
    public static JsonException UnknownName(string? name) => Error($"'{name}' is not one of the names.");

    /// <summary>The same error, with the property in which it happened.</summary>
    public static JsonException At(JsonException exception, string? name) => name is null ? Prefix(exception, "") : Prefix(exception, "." + name);

    /// <summary>An error at the present place.</summary>
    internal static JsonException Error(string reason) => new JsonPathException("", reason, null);

    internal static void Expect(ref Utf8JsonReader reader, JsonTokenType token, string what)
    {
        if (reader.TokenType != token)
            throw Error(reader.TokenType == JsonTokenType.Null ? $"is null where {what} is needed." : $"is not {what}.");
    }

    private static void Advance(ref Utf8JsonReader reader)
    {
        if (!reader.Read())
            throw Error("the JSON ends early.");
    }

    private static JsonPathException Prefix(JsonException exception, string prefix) => exception is JsonPathException inner
        ? new JsonPathException(prefix + inner.RelativePath, inner.Reason, inner.InnerException)
        : new JsonPathException(prefix, "is malformed JSON.", exception);
}
