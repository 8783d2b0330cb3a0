using AgentFlow.Generators.Contracts;
using AgentFlow.Generators.Shared;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace AgentFlow.Generators.Agents;

/// <summary>AGF0108: what an agent sends beside what it returns stands in its <c>[Sends]</c>.</summary>
internal static class SendRule
{
    public static void Analyze(OperationAnalysisContext context)
    {
        var call = (IInvocationOperation)context.Operation;
        if (call.TargetMethod is not { Name: "SendAsync" or "ScheduleAsync", TypeArguments.Length: 1 }
            || !call.TargetMethod.ContainingType.Is("AgentFlow.MessageContext"))
            return;
        if (AgentAround(context.ContainingSymbol) is not { } agent)
            return;

        ITypeSymbol sent = call.TargetMethod.TypeArguments[0];
        if (sent is not ITypeParameterSymbol && !ContractFacts.IsMessage(sent))
        {
            Report(AgentDiagnostics.HandlerShape, agent.Name, $"sends '{sent.Short()}', which is no contract. Mark that type [Message].");
        }
        else if (!agent.Attributes(AgentParser.Sends).Any(s => SymbolEqualityComparer.Default.Equals(s.Argument<ITypeSymbol>(0), sent)))
        {
            Report(AgentDiagnostics.SendsMissing, agent.Attribute(AgentParser.Attribute)!.Argument<string>(0) ?? "", sent.Short(), agent.Name);
        }

        void Report(DiagnosticDescriptor rule, params object[] arguments) =>
            context.ReportDiagnostic(Diagnostic.Create(rule, call.Syntax.GetLocation(), arguments));
    }

    private static INamedTypeSymbol? AgentAround(ISymbol symbol)
    {
        for (INamedTypeSymbol? at = symbol.ContainingType; at is not null; at = at.ContainingType)
        {
            if (at.Attribute(AgentParser.Attribute) is not null)
                return at;
        }

        return null;
    }
}
