using AgentFlow.Protocol.Buffers;
using AgentFlow.Protocol.Codec;
using AgentFlow.Protocol.Frames;
using AgentFlow.SourceGeneration;

namespace AgentFlow.Contracts;

/// <summary>Reads payloads of one exact schema as messages of one contract.</summary>
internal sealed class PayloadDecoder
{
    private readonly MessageDescriptor _wire;
    private readonly Func<object, object>? _upcast;

    public PayloadDecoder(ContractEntry target, MessageDescriptor wire, bool isExact, Func<object, object>? upcast = null) =>
        (Target, _wire, IsExact, _upcast) = (target, wire, isExact, upcast);

    /// <summary>The contract whose messages it makes.</summary>
    public ContractEntry Target { get; }

    /// <summary>Whether the payload has the very schema of the contract; a gated contract takes no other.</summary>
    public bool IsExact { get; }

    /// <summary>Decodes a payload; null for bytes that are no message of this schema.</summary>
    public object? Read(ReadOnlySpan<byte> payload) => Read(payload, out _);

    /// <summary>Decodes a payload that people decide on: null also where it holds a field that the schema does not name, at any depth.</summary>
    public object? ReadGated(ReadOnlySpan<byte> payload) => Read(payload, out bool hasUnknownFields) is { } message && !hasUnknownFields ? message : null;

    /// <summary>Whether a gated frame says nothing but what is shown of it: no unknown field, and one encoding only.</summary>
    public bool ReadsBackTheSame(in Frame frame)
    {
        if (ReadGated(frame.Payload) is not { } message)
            return false;
        try
        {
            using var buffer = new PooledBuffer(Math.Max(frame.Payload.Length, 64));
            var writer = new ProtobufWriter(buffer);
            _wire.WriteProtobuf(ref writer, message);
            return GatedFrame.CheckPayload(frame, buffer.WrittenSpan) == Protocol.ProtocolError.None;
        }
        catch (Exception)
        {
            return false;
        }
    }

    // Constructors and upcasts are the app's code, run on what others sent: what they refuse is no message.
    private object? Read(ReadOnlySpan<byte> payload, out bool hasUnknownFields)
    {
        var reader = new ProtobufReader(payload);
        try
        {
            object? message = _wire.ReadProtobuf(ref reader);
            hasUnknownFields = reader.HasUnknownFields;
            if (message is null || reader.Failed)
                return null;
            return _upcast is null ? message : _upcast(message);
        }
        catch (Exception)
        {
            hasUnknownFields = reader.HasUnknownFields;
            return null;
        }
    }
}
