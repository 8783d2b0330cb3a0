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
    public abstract void WriteProtobuf(ref ProtobufWriter writer, T value);

    /// <summary>Reads fields until the reader ends; null, with <see cref="ProtobufReader.Failed"/> set, for bytes that are not a value.</summary>
    public abstract T? ReadProtobuf(ref ProtobufReader reader);

    /// <summary>Writes a value as a JSON object.</summary>
    public abstract void WriteJson(Utf8JsonWriter writer, T value);

    /// <summary>Reads a JSON object, with the reader on its first token.</summary>
    /// <exception cref="JsonException">The JSON is malformed or does not fit; the message names the path.</exception>
    public abstract T ReadJson(ref Utf8JsonReader reader);

    internal sealed override void WriteObject(ref ProtobufWriter writer, object value) => WriteProtobuf(ref writer, (T)value);

    internal sealed override object? ReadObject(ref ProtobufReader reader) => ReadProtobuf(ref reader);
}
