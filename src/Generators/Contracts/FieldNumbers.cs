namespace AgentFlow.Generators.Contracts;

/// <summary>Which protobuf field numbers are legal.</summary>
internal static class FieldNumbers
{
    /// <summary>Why a number is not legal, with the fix, or null.</summary>
    public static string? Refusal(int number) => number switch
    {
        < 1 or > 536_870_911 => "field numbers are 1 to 536870911.",
        >= 19_000 and <= 19_999 => "19000 to 19999 are reserved by protobuf.",
        _ => null,
    };
}
