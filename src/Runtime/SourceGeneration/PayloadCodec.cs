using System.Text.Json;
using AgentFlow.Protocol.Codec;

namespace AgentFlow.SourceGeneration;

/// <summary>Reads and writes one type whose name the caller does not know. Not for direct use.</summary>
public abstract class PayloadCodec
{
    private protected PayloadCodec()
    {
    }

    internal abstract void WriteObject(ref ProtobufWriter writer, object value);

    internal abstract object? ReadObject(ref ProtobufReader reader);
}

/// <summary>Reads and writes one type in both codecs. Derived by generated code; not for direct use. Stateless and thread-safe.</summary>
/// <typeparam name="T">The CLR type.</typeparam>
public abstract class PayloadCodec<T> : PayloadCodec
    where T : class
{
    /// <summary>Writes the fields of a value in protobuf wire format, without a length prefix.</summary>
    /// <exception cref="ArgumentException">A member that must not be null is null, or a text holds half of a surrogate pair.</exception>
    public abstract void WriteProtobuf(ref ProtobufWriter writer, T value);

    /// <summary>Reads fields until the reader ends; null, with <see cref="ProtobufReader.Failed"/> set, for bytes that are not a value.</summary>
    public abstract T? ReadProtobuf(ref ProtobufReader reader);

    /// <summary>Writes the properties of the JSON object of a value, without its braces.</summary>
    public abstract void WriteJsonMembers(Utf8JsonWriter writer, T value);

    /// <summary>Reads a JSON object, with the reader on its first token; it ends on the last one. Unknown properties are skipped.</summary>
    /// <exception cref="JsonException">The JSON is malformed or does not fit; the message names the path.</exception>
    public abstract T ReadJson(ref Utf8JsonReader reader);

    /// <summary>The members as text, in declaration order, sensitive ones masked.</summary>
    public abstract IReadOnlyList<MemberText> Describe(T value);

    /// <summary>Writes a value as a JSON object.</summary>
    public void WriteJson(Utf8JsonWriter writer, T value)
    {
        ArgumentNullException.ThrowIfNull(value);
        writer.WriteStartObject();
        WriteJsonMembers(writer, value);
        writer.WriteEndObject();
    }

    /// <summary>Writes a value as the value of a field: its length, then its fields.</summary>
    public void WriteNested(ref ProtobufWriter writer, T value)
    {
        ArgumentNullException.ThrowIfNull(value);
        int start = writer.BeginLength();
        WriteProtobuf(ref writer, value);
        writer.EndLength(start);
    }

    /// <summary>Reads the value of a field: a length, then the fields.</summary>
    public T? ReadNested(ref ProtobufReader reader)
    {
        int end = reader.BeginMessage();
        T? value = ReadProtobuf(ref reader);
        reader.EndMessage(end);
        return value;
    }

    /// <summary>Makes the value of a field that is absent but must not be null: every member has its default. Fails the reader where there is no such value.</summary>
    public T? ReadAbsent(ref ProtobufReader reader)
    {
        int end = reader.BeginAbsent();
        T? value = ReadProtobuf(ref reader);
        reader.EndMessage(end);
        return value;
    }

    /// <summary>Makes a value whose members all have their defaults.</summary>
    /// <exception cref="InvalidOperationException">There is no such value, because a member is a hierarchy that must not be null.</exception>
    public T CreateDefault()
    {
        var reader = default(ProtobufReader);
        return ReadProtobuf(ref reader) ?? throw new InvalidOperationException($"'{typeof(T).Name}' has no empty value. Give it a public constructor without parameters.");
    }

    internal sealed override void WriteObject(ref ProtobufWriter writer, object value) => WriteProtobuf(ref writer, (T)value);

    internal sealed override object? ReadObject(ref ProtobufReader reader) => ReadProtobuf(ref reader);
}
