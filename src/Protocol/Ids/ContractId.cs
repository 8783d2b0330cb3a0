namespace AgentFlow;

/// <summary>The 16-byte id of a contract: a hash of its wire name, without the version.</summary>
/// <param name="Value">The bytes, read as one big-endian number, so that numeric order is bytewise order.</param>
public readonly record struct ContractId(UInt128 Value)
{
    /// <summary>The size in bytes.</summary>
    public const int Size = 16;

    /// <summary>Reads the 16 bytes of an id.</summary>
    public static ContractId Read(ReadOnlySpan<byte> bytes) => new(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes));

    /// <summary>Writes the 16 bytes of this id.</summary>
    public void Write(Span<byte> destination) => System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(destination, Value);

    /// <summary>The bytes as 32 lower-case hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x32", System.Globalization.CultureInfo.InvariantCulture);
}
