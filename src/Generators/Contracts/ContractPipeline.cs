using AgentFlow.Generators.Shared;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AgentFlow.Generators.Contracts;

/// <summary>From contract types to their codecs and descriptors: one output for each type.</summary>
internal static class ContractPipeline
{
    /// <summary>Registers the outputs and gives the types that got one, for those who refer to them.</summary>
    public static IncrementalValueProvider<EquatableArray<string>> Register(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<string> messages = Register(context, ContractFacts.Message, Tracking.Messages);
        IncrementalValuesProvider<string> payloads = Register(context, ContractFacts.Payload, Tracking.Payloads);
        IncrementalValuesProvider<string> states = Register(context, ContractFacts.ThreadState, Tracking.States);
        return messages.Collect().Combine(payloads.Collect()).Combine(states.Collect())
            .Select(static (all, _) => all.Left.Left.Concat(all.Left.Right).Concat(all.Right).Distinct().OrderBy(static t => t, StringComparer.Ordinal).ToEquatableArray())
            .WithTrackingName(Tracking.Generated);
    }

    private static IncrementalValuesProvider<string> Register(IncrementalGeneratorInitializationContext context, string attribute, string step)
    {
        IncrementalValuesProvider<ContractModel> models = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                attribute, static (node, _) => node is TypeDeclarationSyntax, static (syntax, _) => ContractParser.Parse((INamedTypeSymbol)syntax.TargetSymbol, null))
            .Where(static model => model is not null).Select(static (model, _) => model!).WithTrackingName(step);
        context.RegisterSourceOutput(
            models, static (output, model) => output.AddSource(Naming.HintName(model.MetadataName, "contract"), ContractEmitter.Emit(model)));
        return models.Select(static (model, _) => model.Shape.Type);
    }
}
