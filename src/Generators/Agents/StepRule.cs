using AgentFlow.Generators.Shared;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace AgentFlow.Generators.Agents;

/// <summary>AGF0107: a finished step is never run again, so a name that comes twice in a method makes the second effect silently not happen.</summary>
internal static class StepRule
{
    public static void Analyze(OperationBlockAnalysisContext context)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (IInvocationOperation call in context.OperationBlocks.SelectMany(block => block.DescendantsAndSelf()).OfType<IInvocationOperation>())
        {
            if (call.TargetMethod.Name != "StepAsync" || !call.TargetMethod.ContainingType.Is("AgentFlow.MessageContext"))
                continue;
            IArgumentOperation? argument = call.Arguments.FirstOrDefault(a => a.Parameter?.Name == "name");
            if (argument?.Value.ConstantValue is not { HasValue: true, Value: string name })
                continue;
            if (!names.Add(name))
                Report(argument, name, $"comes twice in '{context.OwningSymbol.Name}': the second effect would not run. Give each its own name.");
            else if (IsInLoop(call))
                Report(argument, name, "stands in a loop: only the first round would run it. Make the item a part of its name.");
        }

        void Report(IOperation at, string name, string problem) =>
            context.ReportDiagnostic(Diagnostic.Create(AgentDiagnostics.StepRepeated, at.Syntax.GetLocation(), name, problem));
    }

    private static bool IsInLoop(IOperation operation)
    {
        for (IOperation? at = operation.Parent; at is not null; at = at.Parent)
        {
            if (at is ILoopOperation)
                return true;
        }

        return false;
    }
}
