using System.Text;
using AgentFlow.Contracts;

namespace AgentFlow.Engine;

/// <summary>A message that a timer sends, encoded when it was scheduled.</summary>
internal sealed record ScheduledMessage(DecoderKey Contract, MessageId Causation, MessageId Correlation, byte[] Payload)
{
    public byte[] Encode()
    {
        using var stream = new MemoryStream(Payload.Length + 96);
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        Span<byte> id = stackalloc byte[16];
        Contract.Contract.Write(id);
        writer.Write(id);
        writer.Write(Contract.Major);
        writer.Write(Contract.SchemaHash.Span);
        Causation.Write(id);
        writer.Write(id);
        Correlation.Write(id);
        writer.Write(id);
        writer.Write(Payload.Length);
        writer.Write(Payload);
        writer.Flush();
        return stream.ToArray();
    }

    public static ScheduledMessage Decode(ReadOnlyMemory<byte> bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes.ToArray(), writable: false), Encoding.UTF8);
        var contract = ContractId.Read(reader.ReadBytes(16));
        ushort major = reader.ReadUInt16();
        var schema = new Bytes32(reader.ReadBytes(Bytes32.Size));
        var causation = MessageId.Read(reader.ReadBytes(16));
        var correlation = MessageId.Read(reader.ReadBytes(16));
        return new ScheduledMessage(new DecoderKey(contract, major, schema), causation, correlation, reader.ReadBytes(reader.ReadInt32()));
    }
}
