using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace AgentFlow.Generators.Agents;

/// <summary>The rules of agents and routes: AGF0101 to AGF0299.</summary>
internal static class AgentDiagnostics
{
    public static ImmutableArray<DiagnosticDescriptor> All { get; } = [];
}
