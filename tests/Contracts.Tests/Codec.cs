using System.Text;
using System.Text.Json;
using AgentFlow.Protocol.Buffers;
using AgentFlow.Protocol.Codec;
using AgentFlow.SourceGeneration;

namespace AgentFlow.Contracts.Tests;

/// <summary>Both codecs as one call each.</summary>
internal static class Codec
{
    public static byte[] ToBytes<T>(PayloadCodec<T> codec, T value)
        where T : class
    {
        using var buffer = new PooledBuffer();
        var writer = new ProtobufWriter(buffer);
        codec.WriteProtobuf(ref writer, value);
        return buffer.WrittenSpan.ToArray();
    }

    public static T? FromBytes<T>(PayloadCodec<T> codec, ReadOnlySpan<byte> bytes)
        where T : class
    {
        var reader = new ProtobufReader(bytes);
        T? value = codec.ReadProtobuf(ref reader);
        Assert.Equal(value is null, reader.Failed);
        return value;
    }

    public static string ToJson<T>(PayloadCodec<T> codec, T value)
        where T : class
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
            codec.WriteJson(writer, value);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    public static T FromJson<T>(PayloadCodec<T> codec, string json)
        where T : class
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        T value = codec.ReadJson(ref reader);
        Assert.False(reader.Read());
        return value;
    }
}
