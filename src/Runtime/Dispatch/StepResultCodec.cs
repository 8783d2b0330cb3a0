using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Text;
using AgentFlow.Contracts;
using AgentFlow.Protocol.Buffers;
using AgentFlow.Protocol.Codec;
using AgentFlow.SourceGeneration;

namespace AgentFlow.Dispatch;

/// <summary>Writes and reads the results of steps: one byte that says whether there is one, then the value in its generated codec.</summary>
internal sealed class StepResultCodec
{
    private readonly FrozenDictionary<Type, PayloadCodec> _codecs;
    private readonly ContractCatalogue _catalogue;

    public StepResultCodec(ContractCatalogue catalogue, IEnumerable<ModuleDescriptor> modules)
    {
        _catalogue = catalogue;
        var codecs = new Dictionary<Type, PayloadCodec>();
        foreach (var (type, codec) in modules.SelectMany(module => module.Codecs))
            codecs[type] = (PayloadCodec)codec;
        _codecs = codecs.ToFrozenDictionary();
    }

    public byte[] Write<TResult>(TResult result)
    {
        if (result is null)
            return [0];
        using var buffer = new PooledBuffer(256);
        buffer.SetLength(1);
        buffer.WrittenSpan[0] = 1;
        switch (result)
        {
            case bool value: Append(buffer, [value ? (byte)1 : (byte)0]); break;
            case int value: AppendNumber(buffer, value); break;
            case long value: AppendNumber(buffer, value); break;
            case string value: Append(buffer, Encoding.UTF8.GetBytes(value)); break;
            case byte[] value: Append(buffer, value); break;
            default: WriteObject(buffer, typeof(TResult), result); break;
        }

        return buffer.WrittenSpan.ToArray();
    }

    public TResult Read<TResult>(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || bytes[0] == 0)
            return default!;
        var body = bytes[1..];
        object value = typeof(TResult) switch
        {
            var type when type == typeof(bool) => body[0] != 0,
            var type when type == typeof(int) => (int)BinaryPrimitives.ReadInt64LittleEndian(body),
            var type when type == typeof(long) => BinaryPrimitives.ReadInt64LittleEndian(body),
            var type when type == typeof(string) => Encoding.UTF8.GetString(body),
            var type when type == typeof(byte[]) => body.ToArray(),
            var type => ReadObject(type, body),
        };
        return (TResult)value;
    }

    private void WriteObject(PooledBuffer buffer, Type type, object value)
    {
        var writer = new ProtobufWriter(buffer);
        if (_codecs.TryGetValue(type, out var codec))
            codec.WriteObject(ref writer, value);
        else
            Contract(type).WriteProtobuf(ref writer, value);
    }

    private object ReadObject(Type type, ReadOnlySpan<byte> body)
    {
        var reader = new ProtobufReader(body);
        object? value = _codecs.TryGetValue(type, out var codec) ? codec.ReadObject(ref reader) : Contract(type).ReadProtobuf(ref reader);
        if (value is null || reader.Failed)
            throw new InvalidOperationException(
                $"The journaled result of a step is no '{type}' any more. Give the step another name when its result changes shape.");
        return value;
    }

    private MessageDescriptor Contract(Type type) => _catalogue.TryFind(type, out var entry)
        ? entry.Descriptor
        : throw new InvalidOperationException($"A step cannot return '{type}': put [Payload] or [Message] on it, or return string, bool, int, long or byte[].");

    private static void AppendNumber(PooledBuffer buffer, long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        Append(buffer, bytes);
    }

    private static void Append(PooledBuffer buffer, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(buffer.GetSpan(bytes.Length));
        buffer.Advance(bytes.Length);
    }
}
