using AgentFlow.Protocol.Frames;
using AgentFlow.SourceGeneration;

namespace AgentFlow.Contracts;

/// <summary>A contract of this process with what the wire calls it.</summary>
internal sealed class ContractEntry(MessageDescriptor descriptor)
{
    public MessageDescriptor Descriptor { get; } = descriptor;

    public ContractId Id { get; } = ContractIds.Of(descriptor.Name);

    public ushort Major => Descriptor.Version;

    public Bytes32 SchemaHash => Descriptor.SchemaHash;

    public DecoderKey Key => new(Id, Major, SchemaHash);

    /// <summary>Reads payloads of the very schema.</summary>
    public PayloadDecoder Decoder => new(this, Descriptor, isExact: true);

    public override string ToString() => Descriptor.ToString();
}
