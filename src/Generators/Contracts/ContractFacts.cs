using AgentFlow.Generators.Shared;
using Microsoft.CodeAnalysis;

namespace AgentFlow.Generators.Contracts;

/// <summary>What other parsers ask of a contract type, of this assembly or of a referenced one.</summary>
internal static class ContractFacts
{
    public const string Message = "AgentFlow.MessageAttribute";
    public const string Payload = "AgentFlow.PayloadAttribute";
    public const string ThreadState = "AgentFlow.ThreadStateAttribute";
    public const string Case = "AgentFlow.CaseAttribute";
    public const string RequiresApproval = "AgentFlow.RequiresApprovalAttribute";

    /// <summary>Whether the type has <c>AgentFlowDescriptor</c>.</summary>
    public static bool IsMessage(ITypeSymbol type) => type.Attribute(Message) is not null;

    /// <summary>Whether the type has <c>AgentFlowCodec</c>.</summary>
    public static bool HasCodec(ITypeSymbol type) => IsMessage(type) || type.Attribute(Payload) is not null || IsState(type);

    /// <summary>Whether the type has <c>AgentFlowState</c>.</summary>
    public static bool IsState(ITypeSymbol type) => type.Attribute(ThreadState) is not null;

    /// <summary>Whether people must approve the contract.</summary>
    public static bool IsGated(ITypeSymbol type) => type.Attribute(RequiresApproval) is not null;

    /// <summary>The contract written <c>name@version</c>, or null where the type is no contract.</summary>
    public static string? NameAndVersion(ITypeSymbol type) =>
        type.Attribute(Message) is { } message ? $"{message.Argument<string>(0)}@{message.Named("Version", 1)}" : null;
}
