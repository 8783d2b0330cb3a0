using Microsoft.CodeAnalysis;

namespace AgentFlow.Generators.Contracts;

/// <summary>From contract types to their codecs and descriptors.</summary>
internal static class ContractPipeline
{
    public static void Register(IncrementalGeneratorInitializationContext context)
    {
    }
}
