using AgentFlow.Protocol.Buffers;
using AgentFlow.Protocol.Codec;
using AgentFlow.SourceGeneration;

namespace AgentFlow.Dispatch;

/// <summary>The thread state that a handler declared: decoded when asked for, written back only if its bytes changed.</summary>
internal sealed class LoadedState(StateDescriptor descriptor, int schemaVersion, long version, ReadOnlyMemory<byte> bytes)
{
    private object? _value;

    public StateDescriptor Descriptor { get; } = descriptor;

    /// <summary>The version that stands; 0 where none does.</summary>
    public long Version { get; } = version;

    public object Value => _value ??= Decode();

    /// <summary>What must be written, or null where nothing changed.</summary>
    public byte[]? EncodeIfChanged()
    {
        if (_value is null)
            return null;
        using var buffer = new PooledBuffer(1024);
        var writer = new ProtobufWriter(buffer);
        Descriptor.Write(ref writer, _value);
        return Version > 0 && buffer.WrittenSpan.SequenceEqual(bytes.Span) ? null : buffer.WrittenSpan.ToArray();
    }

    private object Decode()
    {
        if (Version == 0)
            return Descriptor.CreateNew();
        if (schemaVersion > Descriptor.Version)
            throw new InvalidOperationException(
                $"The state '{Descriptor.Name}' was written as version {schemaVersion}, and this code knows version {Descriptor.Version}: run newer code.");
        var reader = new ProtobufReader(bytes.Span);
        return Descriptor.Read(ref reader) is { } value && !reader.Failed
            ? value
            : throw new InvalidOperationException(
                $"The stored state '{Descriptor.Name}' does not fit its class. Raise its Version and keep its field numbers.");
    }
}
