using AgentFlow.Protocol.Buffers;

namespace AgentFlow.Protocol.Codec;

/// <summary>Writes protobuf wire format into a pooled buffer. Called by generated code.</summary>
/// <remarks>Reference: the Protocol Buffers encoding guide. Varints are minimal, so one value has one encoding.</remarks>
public ref struct ProtobufWriter
{
    private readonly PooledBuffer _buffer;

    /// <summary>Writes at the end of a buffer.</summary>
    public ProtobufWriter(PooledBuffer buffer) => _buffer = buffer;
}
