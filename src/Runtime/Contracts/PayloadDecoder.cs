using AgentFlow.Protocol.Codec;
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
    public object? Read(ReadOnlySpan<byte> payload)
    {
        var reader = new ProtobufReader(payload);
        object? message = _wire.ReadProtobuf(ref reader);
        if (message is null || reader.Failed)
            return null;
        return _upcast is null ? message : _upcast(message);
    }
}
