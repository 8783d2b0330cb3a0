using AgentFlow.Generators.Agents;
using AgentFlow.Generators.Contracts;
using AgentFlow.Generators.Modules;
using AgentFlow.Generators.Shared;
using Microsoft.CodeAnalysis;

namespace AgentFlow.Generators;

/// <summary>Emits codecs and descriptors of contracts, and the routes of agents. It reports nothing: <see cref="AgentFlowAnalyzer"/> does, over the same parsers.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class AgentFlowGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValueProvider<EquatableArray<string>> contracts = ContractPipeline.Register(context);
        IncrementalValuesProvider<AgentSource> agents = AgentPipeline.Register(context, contracts);
        ModulePipeline.Register(context, contracts, agents);
    }
}
