using System.Globalization;
using System.Text.Json;

namespace AgentFlow.SourceGeneration;

/// <summary>The JSON of single values. Called by generated code; not for direct use.</summary>
/// <remarks>
/// Numbers are JSON numbers, except NaN and the infinities, which are strings. Bytes are base64; times are ISO 8601, a <see cref="TimeSpan"/> has the form
/// <c>[-][d.]hh:mm:ss[.fffffff]</c>. Every method that reads throws <see cref="JsonException"/> for JSON that does not fit, and nothing else.
/// </remarks>
public static class JsonScalars
{
    /// <summary>Reads true or false.</summary>
    public static bool ReadBool(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw PayloadJson.Error("is not true or false."),
    };

    /// <summary>Reads a whole number.</summary>
    public static sbyte ReadSByte(ref Utf8JsonReader reader) => IsNumber(ref reader) && reader.TryGetSByte(out sbyte value) ? value : throw NotANumber("-128 to 127");

    /// <summary>Reads a whole number.</summary>
    public static byte ReadByte(ref Utf8JsonReader reader) => IsNumber(ref reader) && reader.TryGetByte(out byte value) ? value : throw NotANumber("0 to 255");

    /// <summary>Reads a whole number.</summary>
    public static short ReadInt16(ref Utf8JsonReader reader) => IsNumber(ref reader) && reader.TryGetInt16(out short value) ? value : throw NotANumber("16 bits");

    /// <summary>Reads a whole number.</summary>
    public static ushort ReadUInt16(ref Utf8JsonReader reader) => IsNumber(ref reader) && reader.TryGetUInt16(out ushort value) ? value : throw NotANumber("16 bits, not negative");

    /// <summary>Reads a whole number.</summary>
    public static int ReadInt32(ref Utf8JsonReader reader) => IsNumber(ref reader) && reader.TryGetInt32(out int value) ? value : throw NotANumber("32 bits");

    /// <summary>Reads a whole number.</summary>
    public static uint ReadUInt32(ref Utf8JsonReader reader) => IsNumber(ref reader) && reader.TryGetUInt32(out uint value) ? value : throw NotANumber("32 bits, not negative");

    /// <summary>Reads a whole number.</summary>
    public static long ReadInt64(ref Utf8JsonReader reader) => IsNumber(ref reader) && reader.TryGetInt64(out long value) ? value : throw NotANumber("64 bits");

    /// <summary>Reads a whole number.</summary>
    public static ulong ReadUInt64(ref Utf8JsonReader reader) => IsNumber(ref reader) && reader.TryGetUInt64(out ulong value) ? value : throw NotANumber("64 bits, not negative");

    /// <summary>Reads a text of one UTF-16 code unit.</summary>
    public static char ReadChar(ref Utf8JsonReader reader) => ReadString(ref reader) is [var value] ? value : throw PayloadJson.Error("is not one character.");

    /// <summary>Reads a number, "NaN", "Infinity" or "-Infinity".</summary>
    public static float ReadSingle(ref Utf8JsonReader reader) =>
        IsNumber(ref reader) && reader.TryGetSingle(out float value) && float.IsFinite(value) ? value : (float)Special(ref reader);

    /// <summary>Reads a number, "NaN", "Infinity" or "-Infinity".</summary>
    public static double ReadDouble(ref Utf8JsonReader reader) =>
        IsNumber(ref reader) && reader.TryGetDouble(out double value) && double.IsFinite(value) ? value : Special(ref reader);

    /// <summary>Reads a number with up to 28 digits.</summary>
    public static decimal ReadDecimal(ref Utf8JsonReader reader) => IsNumber(ref reader) && reader.TryGetDecimal(out decimal value) ? value : throw NotANumber("28 digits");

    /// <summary>Reads a string.</summary>
    public static string ReadString(ref Utf8JsonReader reader)
    {
        PayloadJson.Expect(ref reader, JsonTokenType.String, "a string");
        return Text(ref reader);
    }

    /// <summary>Reads base64.</summary>
    public static byte[] ReadBytes(ref Utf8JsonReader reader)
    {
        PayloadJson.Expect(ref reader, JsonTokenType.String, "a string");
        return reader.TryGetBytesFromBase64(out byte[]? value) ? value : throw PayloadJson.Error("is not base64.");
    }

    /// <summary>Reads base64.</summary>
    public static ReadOnlyMemory<byte> ReadMemory(ref Utf8JsonReader reader) => ReadBytes(ref reader);

    /// <summary>Reads a UUID of 36 characters.</summary>
    public static Guid ReadGuid(ref Utf8JsonReader reader) =>
        Guid.TryParseExact(ReadString(ref reader), "D", out Guid value) ? value : throw PayloadJson.Error("is not a UUID.");

    /// <summary>Reads a date with time and offset.</summary>
    public static DateTimeOffset ReadDateTimeOffset(ref Utf8JsonReader reader)
    {
        PayloadJson.Expect(ref reader, JsonTokenType.String, "a string");
        return reader.TryGetDateTimeOffset(out DateTimeOffset value) ? value : throw PayloadJson.Error("is not an ISO 8601 date and time with an offset.");
    }

    /// <summary>Reads yyyy-MM-dd.</summary>
    public static DateOnly ReadDateOnly(ref Utf8JsonReader reader) => DateOnly.TryParseExact(
        ReadString(ref reader), "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly value) ? value : throw PayloadJson.Error("is not a date like 2026-01-31.");

    /// <summary>Reads hh:mm:ss with up to seven decimals.</summary>
    public static TimeOnly ReadTimeOnly(ref Utf8JsonReader reader) => TimeOnly.TryParseExact(
        ReadString(ref reader), "HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly value) ? value : throw PayloadJson.Error("is not a time like 23:59:59.");

    /// <summary>Reads [-][d.]hh:mm:ss with up to seven decimals.</summary>
    public static TimeSpan ReadTimeSpan(ref Utf8JsonReader reader) =>
        TimeSpan.TryParseExact(ReadString(ref reader), "c", CultureInfo.InvariantCulture, out TimeSpan value) ? value : throw PayloadJson.Error("is not a duration like 1.23:59:59.");

    /// <summary>Reads an absolute or relative URI.</summary>
    public static Uri ReadUri(ref Utf8JsonReader reader) =>
        Uri.TryCreate(ReadString(ref reader), UriKind.RelativeOrAbsolute, out Uri? value) ? value : throw PayloadJson.Error("is not a URI.");

    /// <summary>Writes a number, or a string for NaN and the infinities.</summary>
    public static void WriteSingle(Utf8JsonWriter writer, float value)
    {
        if (float.IsFinite(value))
            writer.WriteNumberValue(value);
        else
            writer.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Writes a number, or a string for NaN and the infinities.</summary>
    public static void WriteDouble(Utf8JsonWriter writer, double value)
    {
        if (double.IsFinite(value))
            writer.WriteNumberValue(value);
        else
            writer.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Writes a text of one UTF-16 code unit.</summary>
    public static void WriteChar(Utf8JsonWriter writer, char value) => writer.WriteStringValue([value]);

    /// <summary>Writes yyyy-MM-dd.</summary>
    public static void WriteDateOnly(Utf8JsonWriter writer, DateOnly value) => writer.WriteStringValue(value.ToString("O", CultureInfo.InvariantCulture));

    /// <summary>Writes hh:mm:ss and the decimals that are not zero.</summary>
    public static void WriteTimeOnly(Utf8JsonWriter writer, TimeOnly value) => writer.WriteStringValue(value.ToString("HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture));

    /// <summary>Writes [-][d.]hh:mm:ss and the decimals that are not zero.</summary>
    public static void WriteTimeSpan(Utf8JsonWriter writer, TimeSpan value) => writer.WriteStringValue(value.ToString("c", CultureInfo.InvariantCulture));

    /// <summary>Writes the text that the URI was made from.</summary>
    public static void WriteUri(Utf8JsonWriter writer, Uri value) => writer.WriteStringValue(value.OriginalString);

    internal static string Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // The reader checks the UTF-8 of a text and its surrogate escapes only when the text is taken.
            throw PayloadJson.Error("is not valid text.");
        }
    }

    private static bool IsNumber(ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.Number;

    private static JsonException NotANumber(string range) => PayloadJson.Error($"is not a number of {range}.");

    private static double Special(ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.String && Text(ref reader) is { } text ? text switch
    {
        "NaN" => double.NaN,
        "Infinity" => double.PositiveInfinity,
        "-Infinity" => double.NegativeInfinity,
        _ => throw PayloadJson.Error("is not a number."),
    }
    : throw PayloadJson.Error("is not a number.");
}
