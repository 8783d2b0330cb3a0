using AgentFlow.Generators.Shared;

namespace AgentFlow.Generators.Contracts;

/// <summary>Everything that is emitted for a <c>[Message]</c>, <c>[Payload]</c> or <c>[ThreadState]</c> type.</summary>
/// <param name="MetadataName">The name that hint names are made of.</param>
/// <param name="Namespace">The namespace, escaped, or null for the global one.</param>
/// <param name="Containers">The heads of the types around it, outermost first.</param>
/// <param name="Head">The head of the partial declaration, such as <c>partial record Built</c>.</param>
/// <param name="Name">The type's name, unescaped.</param>
/// <param name="HidesCodec">Whether a base type has a codec too.</param>
/// <param name="HidesDescriptor">Whether a base type has a descriptor too.</param>
/// <param name="Shapes">Its own shape, then those of everything it holds, by name.</param>
/// <param name="Printing">How <c>PrintMembers</c> of a record is written, or null where nothing is masked.</param>
/// <param name="Message">What a <c>[Message]</c> adds, or null.</param>
/// <param name="State">What a <c>[ThreadState]</c> adds, or null.</param>
/// <param name="OlderShapes">The <c>.proto</c> texts of the same version that the lock file has beside the present one.</param>
internal sealed record ContractModel(
    string MetadataName, string? Namespace, EquatableArray<string> Containers, string Head, string Name, bool HidesCodec, bool HidesDescriptor, EquatableArray<ShapeModel> Shapes,
    PrintModel? Printing, MessageModel? Message, StateModel? State, EquatableArray<string> OlderShapes = default)
{
    public ShapeModel Shape => Shapes[0];
}

/// <summary>What is emitted for <c>[Message]</c>.</summary>
internal sealed record MessageModel(
    string Name, int Version, string? Outcome, string? Route, int? MaxHops, string? SummaryTemplate, EquatableArray<SummaryPart> Summary, EquatableArray<ApprovalModel> Approvals,
    EquatableArray<UpcastModel> Upcasts);

/// <summary>What is emitted for <c>[ThreadState]</c>. <see cref="HasConstructor"/>: an empty one is made by <c>new()</c>, else by reading no bytes.</summary>
internal sealed record StateModel(string Name, int Version, bool HasConstructor);

/// <summary>A piece of a summary: a text, or the name of a member.</summary>
internal sealed record SummaryPart(string Text, bool IsMember);

/// <summary>One <c>[RequiresApproval]</c>.</summary>
internal sealed record ApprovalModel(string Role, int Quorum, long LifetimeTicks, bool DenyEnds);

/// <summary>One <c>[UpcastFrom]</c>: the older type and the method.</summary>
internal sealed record UpcastModel(int Version, string FromType, string Method);

/// <summary>The <c>PrintMembers</c> of a record.</summary>
/// <param name="Modifiers">Its modifiers.</param>
/// <param name="CallsBase">Whether a base record prints too.</param>
/// <param name="Members">The members of this level.</param>
internal sealed record PrintModel(string Modifiers, bool CallsBase, EquatableArray<PrintMember> Members);

internal sealed record PrintMember(string Name, bool IsSensitive);
