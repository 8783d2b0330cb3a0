namespace AgentFlow.Generators.Contracts;

/// <summary>A member of a contract.</summary>
/// <param name="Name">The CLR name, unescaped.</param>
/// <param name="JsonName">The name in camelCase.</param>
/// <param name="ProtoName">The name in snake_case.</param>
/// <param name="Local">A name for a local variable that no other member has.</param>
/// <param name="Number">The field number.</param>
/// <param name="Container">Whether it holds one value, a list or a map.</param>
/// <param name="Value">The value, or the element.</param>
/// <param name="IsNullable">Whether it may be null.</param>
/// <param name="InConstructor">Whether the constructor takes it; else it is assigned.</param>
/// <param name="IsSensitive">Whether its value is masked.</param>
/// <param name="ChangedFrom">The CLR name of the member with the present value, or null.</param>
/// <param name="Documentation">The first sentence of its documentation, or null.</param>
internal sealed record MemberModel(
    string Name, string JsonName, string ProtoName, string Local, int Number, ContainerKind Container, ValueModel Value, bool IsNullable, bool InConstructor, bool IsSensitive,
    string? ChangedFrom, string? Documentation)
{
    public bool IsMap => Container is ContainerKind.StringMap or ContainerKind.Int32Map;

    /// <summary>The tag of the field, where repeated values are packed if they can be.</summary>
    public uint Tag => Wire.Tag(Number, Container == ContainerKind.None ? Value.WireType : 2);
}

internal static class Wire
{
    public static uint Tag(int number, int wireType) => ((uint)number << 3) | (uint)wireType;
}
