using AgentFlow.Generators.Agents;
using AgentFlow.Generators.Contracts;
using AgentFlow.Generators.Modules;
using Microsoft.CodeAnalysis;

namespace AgentFlow.Generators;

/// <summary>Emits codecs and descriptors of contracts, and the routes of agents. It reports nothing: <see cref="AgentFlowAnalyzer"/> does, over the same parsers.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class AgentFlowGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        ContractPipeline.Register(context);
        ModulePipeline.Register(context, AgentPipeline.Register(context));
    }
}
