using AgentFlow.Generators.Shared;

namespace AgentFlow.Generators.Contracts;

internal enum ShapeKind
{
    Message,
    Hierarchy,
    Enum,
}

/// <summary>A message, a closed hierarchy or an enum that a contract consists of.</summary>
/// <param name="Name">Its name in the <c>.proto</c> and in JSON Schema, unique in the contract.</param>
/// <param name="Type">The type as generated code writes it.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Members">The members of a message, in the order of declaration.</param>
/// <param name="Cases">The cases of a hierarchy, by number.</param>
/// <param name="Values">The values of an enum, in the order of declaration.</param>
/// <param name="EnumRange">The range of an enum's underlying type as <c>minimum, maximum</c>, or null where it is int.</param>
/// <param name="Documentation">The first sentence of its documentation, or null.</param>
internal sealed record ShapeModel(
    string Name, string Type, ShapeKind Kind, EquatableArray<MemberModel> Members, EquatableArray<CaseModel> Cases, EquatableArray<EnumValueModel> Values, string? EnumRange,
    string? Documentation);

/// <summary>A case of a hierarchy.</summary>
internal sealed record CaseModel(int Number, string Type, string Shape, string JsonName, string ProtoName);

/// <summary>A value of an enum. <see cref="IsAlias"/>: an earlier one has the same number.</summary>
internal sealed record EnumValueModel(string Name, int Number, bool IsAlias);
