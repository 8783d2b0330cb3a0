namespace AgentFlow.Generators.Contracts;

/// <summary>The kinds of values that have an encoding.</summary>
internal enum ValueKind
{
    Bool,
    SByte,
    Byte,
    Int16,
    UInt16,
    Int32,
    UInt32,
    Int64,
    UInt64,
    Char,
    Single,
    Double,
    Decimal,
    String,
    Bytes,
    Memory,
    Guid,
    DateTimeOffset,
    DateOnly,
    TimeOnly,
    TimeSpan,
    Uri,
    Enum,
    Message,
}

/// <summary>How many values a member holds.</summary>
internal enum ContainerKind
{
    None,
    Array,
    List,
    ImmutableArray,
    StringMap,
    Int32Map,
}

/// <summary>A single value.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Type">The type as generated code writes it, without nullability.</param>
/// <param name="Shape">The name of its shape for an enum or a message, else null.</param>
internal sealed record ValueModel(ValueKind Kind, string Type, string? Shape = null)
{
    public bool IsValueType => Kind is not (ValueKind.String or ValueKind.Bytes or ValueKind.Uri or ValueKind.Message);

    /// <summary>Whether repeated values are packed into one field.</summary>
    public bool IsPacked => WireType != 2;

    /// <summary>The wire type: 0 varint, 1 eight bytes, 2 length and bytes, 5 four bytes.</summary>
    public int WireType => Kind switch
    {
        ValueKind.Double => 1,
        ValueKind.Single => 5,
        ValueKind.Decimal or ValueKind.String or ValueKind.Bytes or ValueKind.Memory or ValueKind.Guid or ValueKind.DateTimeOffset or ValueKind.Uri or ValueKind.Message => 2,
        _ => 0,
    };
}
