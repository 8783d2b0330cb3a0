using System.Collections.Immutable;
using AgentFlow.Generators.Shared;
using Microsoft.CodeAnalysis;

namespace AgentFlow.Generators.Contracts;

/// <summary>The rules of contracts: AGF0001 to AGF0099. A title states the rule; a message names the symbol and the fix.</summary>
internal static class ContractDiagnostics
{
    public static readonly DiagnosticDescriptor NotPartial = new(
        "AGF0001", "Contract type must be partial", "'{0}' cannot be completed by generated code: {1}",
        Help.Category, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "agf0001");

    public static readonly DiagnosticDescriptor NameUsedTwice = new(
        "AGF0002", "Contract name or version is used twice", "'{0}' and '{1}' are both contract '{2}'. Give one of them another name or version.",
        Help.Category, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "agf0002", customTags: Help.CompilationEnd);

    public static readonly DiagnosticDescriptor MemberNotSerializable = new(
        "AGF0003", "Member type cannot be serialized", "'{0}' cannot be serialized: {1}",
        Help.Category, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "agf0003");

    public static readonly DiagnosticDescriptor BreakingChange = new(
        "AGF0004", "Contract changed incompatibly since its locked version", "'{0}' breaks the published contract '{1}': {2}. Undo the change, or raise the version to {3} and add an upcaster.",
        Help.Category, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "agf0004");

    public static readonly DiagnosticDescriptor NoUpcaster = new(
        "AGF0005", "Version was raised without an upcaster", "'{0}' has version {1} but no way from version {2}. Add 'public static {0} From({3} old)' with [UpcastFrom({2})] to it.",
        Help.Category, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "agf0005", customTags: Help.CompilationEnd);

    public static readonly DiagnosticDescriptor FieldNumber = new(
        "AGF0006", "Field number is used twice or out of range", "'{0}' cannot have field number {1}: {2}",
        Help.Category, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "agf0006");

    public static readonly DiagnosticDescriptor LooksSecret = new(
        "AGF0007", "Member looks secret and is not [Sensitive]", "'{0}' looks like a secret but would be shown in logs and in the inbox. Mark it [Sensitive].",
        Help.Category, DiagnosticSeverity.Warning, true, helpLinkUri: Help.Page + "agf0007");

    public static readonly DiagnosticDescriptor SensitiveLeaks = new(
        "AGF0008", "[Sensitive] member reaches a log or ToString", "'{0}' is [Sensitive] but reaches '{1}'. Log something that is not secret, such as its length or a hash.",
        Help.Category, DiagnosticSeverity.Warning, true, helpLinkUri: Help.Page + "agf0008");

    public static readonly DiagnosticDescriptor SummaryMember = new(
        "AGF0009", "[Summary] names an unknown member", "The summary of '{0}' {1}",
        Help.Category, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "agf0009");

    public static readonly DiagnosticDescriptor ChangedFromType = new(
        "AGF0010", "[ChangedFrom] members differ in type", "'{0}' cannot be compared with '{1}': {2}",
        Help.Category, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "agf0010");

    public static readonly DiagnosticDescriptor NotDuration = new(
        "AGF0011", "Text is not a duration", "'{0}' is not {1}. Write {2}.",
        Help.Category, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "agf0011");

    public static readonly DiagnosticDescriptor NotLocked = new(
        "AGF0012", "Lock file misses a contract", "agentflow.contracts.lock does not have the present shape of '{0}' ({1}). Add it when you publish the contract.",
        Help.Category, DiagnosticSeverity.Info, true, helpLinkUri: Help.Page + "agf0012");

    public static readonly DiagnosticDescriptor AttributeValue = new(
        "AGF0013", "Attribute value is not legal", "'{0}' {1}",
        Help.Category, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "agf0013");

    public static ImmutableArray<DiagnosticDescriptor> All { get; } =
    [
        NotPartial, NameUsedTwice, MemberNotSerializable, BreakingChange, NoUpcaster, FieldNumber, LooksSecret, SensitiveLeaks, SummaryMember, ChangedFromType, NotDuration,
        NotLocked, AttributeValue,
    ];
}
