using System.Collections.Immutable;
using AgentFlow.Generators.Shared;
using Microsoft.CodeAnalysis;

namespace AgentFlow.Generators.Agents;

/// <summary>The rules of agents and routes: AGF0101 to AGF0299. A title states the rule; a message names the symbol and the fix.</summary>
internal static class AgentDiagnostics
{
    // Not configurable: no #pragma, no .editorconfig and no NoWarn may open a gate.
    public static readonly DiagnosticDescriptor GatedDirectly = new(
        "AGF0101", "Gated contract must be taken as Approved<T>", "'{0}' {1}",
        Help.Category, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "agf0101", customTags: WellKnownDiagnosticTags.NotConfigurable);

    public static readonly DiagnosticDescriptor NobodyHandles = new(
        "AGF0102", "No agent handles a contract that is sent or starts a thread",
        "No agent handles '{0}', which {1}. Add '{2}' to an [Agent], or mark the contract [EndsThread] or [Route].",
        Help.Category, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "agf0102", customTags: Help.CompilationEnd);

    public static readonly DiagnosticDescriptor TwoHandle = new(
        "AGF0103", "Two agents handle one contract without [Observer]",
        "Agents '{0}' and '{1}' both take {2} '{3}'. Mark the handler of the one that only watches [Observer].",
        Help.Category, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "agf0103", customTags: Help.CompilationEnd);

    public static readonly DiagnosticDescriptor MustHandle = new(
        "AGF0104", "Rejection or expiry is unhandled where MustHandle is set",
        "'{0}' is MustHandle, but no agent takes '{1}'. Add 'Handle({1} message)' to an [Agent].",
        Help.Category, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "agf0104", customTags: Help.CompilationEnd);

    public static readonly DiagnosticDescriptor HandlerShape = new(
        "AGF0105", "Handler shape is not legal", "'{0}' {1}",
        Help.Category, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "agf0105");

    public static readonly DiagnosticDescriptor Cycle = new(
        "AGF0106", "Cycle without a gate or MaxHops",
        "Contracts go round without end: {0}. Put [MaxHops(n)] or [RequiresApproval] on one of them.",
        Help.Category, DiagnosticSeverity.Warning, true, helpLinkUri: Help.Page + "agf0106", customTags: Help.CompilationEnd);

    public static readonly DiagnosticDescriptor StepRepeated = new(
        "AGF0107", "Step name is repeated in a handler", "Step '{0}' {1}",
        Help.Category, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "agf0107");

    public static readonly DiagnosticDescriptor SendsMissing = new(
        "AGF0108", "SendAsync<T> without [Sends]",
        "Agent '{0}' sends '{1}', which its signatures do not show. Add [Sends(typeof({1}))] to '{2}'.",
        Help.Category, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "agf0108");

    public static readonly DiagnosticDescriptor AgentNameUsedTwice = new(
        "AGF0201", "Agent name is used twice", "'{0}' and '{1}' are both agent '{2}'. Give one of them another name.",
        Help.Category, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "agf0201", customTags: Help.CompilationEnd);

    public static readonly DiagnosticDescriptor NothingEmitted = new(
        "AGF0202", "Generator cannot be loaded or emitted nothing for this project",
        "Project '{0}' has contracts or agents, but no AgentFlowModule was generated. "
        + "Build with a .NET SDK that loads AgentFlow.Generators, and look for CS8784, CS8785 or CS9057.",
        Help.Category, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "agf0202", customTags: Help.CompilationEnd);

    public static ImmutableArray<DiagnosticDescriptor> All { get; } =
    [
        GatedDirectly, NobodyHandles, TwoHandle, MustHandle, HandlerShape, Cycle, StepRepeated, SendsMissing, AgentNameUsedTwice, NothingEmitted,
    ];
}
