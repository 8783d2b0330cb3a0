using AgentFlow.Generators.Shared;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AgentFlow.Generators.Contracts;

/// <summary>From contract types to their codecs and descriptors: one output for each type.</summary>
internal static class ContractPipeline
{
    public static void Register(IncrementalGeneratorInitializationContext context)
    {
        Register(context, ContractFacts.Message, Tracking.Messages);
        Register(context, ContractFacts.Payload, Tracking.Payloads);
        Register(context, ContractFacts.ThreadState, Tracking.States);
    }

    private static void Register(IncrementalGeneratorInitializationContext context, string attribute, string step)
    {
        IncrementalValuesProvider<ContractModel> models = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                attribute, static (node, _) => node is TypeDeclarationSyntax, static (syntax, _) => ContractParser.Parse((INamedTypeSymbol)syntax.TargetSymbol, null))
            .Where(static model => model is not null).Select(static (model, _) => model!).WithTrackingName(step);
        context.RegisterSourceOutput(
            models, static (output, model) => output.AddSource(Naming.HintName(model.MetadataName, "contract"), ContractEmitter.Emit(model)));
    }
}
