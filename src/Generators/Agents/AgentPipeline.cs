using Microsoft.CodeAnalysis;

namespace AgentFlow.Generators.Agents;

/// <summary>From agent classes to their thunks, the module and the route graph.</summary>
internal static class AgentPipeline
{
    public static void Register(IncrementalGeneratorInitializationContext context)
    {
    }
}
