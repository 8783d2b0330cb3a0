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
        IncrementalValueProvider<EquatableArray<LockEntry>> published = context.AdditionalTextsProvider.Where(static file => LockFile.Is(file.Path))
            .Select(static (file, token) => LockFile.Parse(file.GetText(token)?.ToString() ?? "")).Collect()
            .Select(static (files, _) => files.SelectMany(static entries => entries).ToEquatableArray()).WithTrackingName(Tracking.Lock);
        IncrementalValuesProvider<string> messages = Register(context, published, ContractFacts.Message, Tracking.Messages);
        IncrementalValuesProvider<string> payloads = Register(context, published, ContractFacts.Payload, Tracking.Payloads);
        IncrementalValuesProvider<string> states = Register(context, published, ContractFacts.ThreadState, Tracking.States);
        return messages.Collect().Combine(payloads.Collect()).Combine(states.Collect())
            .Select(static (all, _) => all.Left.Left.Concat(all.Left.Right).Concat(all.Right).Distinct().OrderBy(static t => t, StringComparer.Ordinal).ToEquatableArray())
            .WithTrackingName(Tracking.Generated);
    }

    private static IncrementalValuesProvider<string> Register(
        IncrementalGeneratorInitializationContext context, IncrementalValueProvider<EquatableArray<LockEntry>> published, string attribute, string step)
    {
        IncrementalValuesProvider<ContractModel> models = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                attribute, static (node, _) => node is TypeDeclarationSyntax, static (syntax, _) => ContractParser.Parse((INamedTypeSymbol)syntax.TargetSymbol, null))
            .Where(static model => model is not null).Select(static (model, _) => model!).WithTrackingName(step)
            .Combine(published).Select(static (pair, _) => WithOlderShapes(pair.Left, pair.Right)).WithTrackingName(step + Tracking.Locked);
        context.RegisterSourceOutput(
            models, static (output, model) => output.AddSource(Naming.HintName(model.MetadataName, "contract"), ContractEmitter.Emit(model)));
        return models.Select(static (model, _) => model.Shape.Type);
    }

    /// <summary>A gated contract is read in its exact shape only, so it has no older ones.</summary>
    private static ContractModel WithOlderShapes(ContractModel model, EquatableArray<LockEntry> published)
    {
        if (published.IsEmpty || model.Message is not { Approvals.IsEmpty: true } message)
            return model;
        string present = ProtoText.Render(model, message);
        return model with
        {
            OlderShapes = published.Where(e => e.Name == message.Name && e.Version == message.Version && e.ProtoText != present).Select(static e => e.ProtoText).Distinct().ToEquatableArray(),
        };
    }
}
