using System.Collections.Immutable;
using AgentFlow.Generators.Agents;
using AgentFlow.Generators.Contracts;
using AgentFlow.Generators.Modules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace AgentFlow.Generators;

/// <summary>Reports every AGF diagnostic, so that <c>#pragma warning</c> and <c>.editorconfig</c> reach it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class AgentFlowAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [.. ContractDiagnostics.All, .. AgentDiagnostics.All];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(static start =>
        {
            ContractAnalysis.Register(start);
            AgentAnalysis.Register(start);
            CompositionAnalysis.Register(start);
        });
    }
}
