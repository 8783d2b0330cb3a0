using System.Buffers.Binary;

namespace AgentFlow.Protocol.Frames;

/// <summary>The 80 bytes before a frame's extension block and payload: which contract, which schema, how long.</summary>
/// <remarks>
/// Reference: protocol.md 2.8. Layout, little-endian: contract 16, major u16, minor u16, codec u8, flags u8 = 0, extension length u16, schema hash 32,
/// correlation id 16, payload length u32, reserved u32 = 0. Immutable.
/// </remarks>
public readonly record struct FrameHeader
{
    /// <summary>The size in bytes.</summary>
    public const int Size = 80;

    internal const int ExtensionLengthOffset = 22;
    internal const int PayloadLengthOffset = 72;

    /// <summary>The contract of the payload.</summary>
    public required ContractId Contract { get; init; }

    /// <summary>The version of the contract: the n of <c>name@n</c>.</summary>
    public required ushort Major { get; init; }

    /// <summary>The minor version; 0 in everything that AgentFlow generates.</summary>
    public ushort Minor { get; init; }

    /// <summary>How the payload is encoded.</summary>
    public required FrameCodec Codec { get; init; }

    /// <summary>The hash of the schema text that the writer encoded with; zero for the built-in contracts.</summary>
    public required Bytes32 SchemaHash { get; init; }

    /// <summary>The id of the exchange that this frame belongs to; all zero for none. Opaque to the protocol.</summary>
    public MessageId CorrelationId { get; init; }

    /// <summary>The length of the extension block in bytes, 0 to 65,535. <see cref="PlaintextWriter"/> fills it in, whatever is set here.</summary>
    public int ExtensionLength { get; init; }

    /// <summary>The length of the payload in bytes. A writer fills it in; what is set here is ignored by <see cref="PlaintextWriter"/>.</summary>
    public int PayloadLength { get; init; }

    /// <summary>Reads a header from the first 80 bytes; the bytes may be hostile.</summary>
    /// <param name="bytes">At least the header.</param>
    /// <param name="header">The header, if the result is true.</param>
    /// <param name="error">Why it is refused, or <see cref="ProtocolError.None"/>.</param>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out FrameHeader header, out ProtocolError error)
    {
        header = default;
        error = ProtocolError.Length;
        if (bytes.Length < Size)
            return false;
        error = ProtocolError.Frames;
        uint payloadLength = BinaryPrimitives.ReadUInt32LittleEndian(bytes[PayloadLengthOffset..]);
        if (bytes[20] > (byte)FrameCodec.Json || bytes[21] != 0 || payloadLength > int.MaxValue || BinaryPrimitives.ReadUInt32LittleEndian(bytes[76..]) != 0)
            return false;
        error = ProtocolError.None;
        header = new FrameHeader
        {
            Contract = ContractId.Read(bytes),
            Major = BinaryPrimitives.ReadUInt16LittleEndian(bytes[16..]),
            Minor = BinaryPrimitives.ReadUInt16LittleEndian(bytes[18..]),
            Codec = (FrameCodec)bytes[20],
            ExtensionLength = BinaryPrimitives.ReadUInt16LittleEndian(bytes[ExtensionLengthOffset..]),
            SchemaHash = new Bytes32(bytes.Slice(24, Bytes32.Size)),
            CorrelationId = MessageId.Read(bytes[56..]),
            PayloadLength = (int)payloadLength,
        };
        return true;
    }

    /// <summary>Writes the 80 bytes.</summary>
    /// <param name="destination">At least 80 bytes.</param>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    /// <exception cref="InvalidOperationException">A length or the codec is out of range.</exception>
    public void Write(Span<byte> destination)
    {
        if (destination.Length < Size)
            throw new ArgumentException($"A frame header needs {Size} bytes.", nameof(destination));
        if (ExtensionLength is < 0 or > ushort.MaxValue || PayloadLength < 0 || Codec > FrameCodec.Json)
            throw new InvalidOperationException("The extension block of a frame holds at most 65,535 bytes, and its codec is raw, protobuf or JSON.");
        Contract.Write(destination);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[16..], Major);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[18..], Minor);
        destination[20] = (byte)Codec;
        destination[21] = 0;
        BinaryPrimitives.WriteUInt16LittleEndian(destination[ExtensionLengthOffset..], (ushort)ExtensionLength);
        SchemaHash.Span.CopyTo(destination[24..]);
        CorrelationId.Write(destination[56..]);
        BinaryPrimitives.WriteInt32LittleEndian(destination[PayloadLengthOffset..], PayloadLength);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[76..], 0);
    }
}
