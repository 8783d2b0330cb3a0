using AgentFlow.Generators.Shared;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace AgentFlow.Generators.Contracts;

/// <summary>Finds <c>[Sensitive]</c> members on their way into a log, the console or a hand-written <c>ToString</c>.</summary>
internal static class SensitiveFlow
{
    public static void Analyze(OperationAnalysisContext context)
    {
        var reference = (IPropertyReferenceOperation)context.Operation;
        if (!IsSensitive(reference.Property) || Sink(reference, context.ContainingSymbol) is not { } sink)
            return;
        context.ReportDiagnostic(Diagnostic.Create(
            ContractDiagnostics.SensitiveLeaks, reference.Syntax.GetLocation(), $"{reference.Property.ContainingType.Name}.{reference.Property.Name}", sink));
    }

    private static bool IsSensitive(IPropertySymbol property)
    {
        if (property.Attribute(MemberParser.Sensitive) is not null)
            return true;
        return ContractFacts.HasCodec(property.ContainingType)
            && property.ContainingType.InstanceConstructors.Any(c => c.Parameters.Any(p => p.Name == property.Name && p.Attribute(MemberParser.Sensitive) is not null));
    }

    private static string? Sink(IPropertyReferenceOperation reference, ISymbol container)
    {
        if (container is IMethodSymbol { Name: "ToString" or "PrintMembers" } && SymbolEqualityComparer.Default.Equals(container.ContainingType, reference.Property.ContainingType))
            return IsPartOfAnswer(reference) ? container.Name : null;
        for (IOperation? parent = reference.Parent; parent is not null; parent = parent.Parent)
        {
            switch (parent)
            {
                case IInvocationOperation call when IsLog(call.TargetMethod):
                    return call.TargetMethod.Name;
                case IInvocationOperation call when !PassesOn(call.TargetMethod):
                case IMemberReferenceOperation or IBinaryOperation { Type.SpecialType: SpecialType.System_Boolean } or IIsPatternOperation:
                case IExpressionStatementOperation or IVariableDeclaratorOperation or IReturnOperation or IAnonymousFunctionOperation or IAssignmentOperation:
                    return null;
            }
        }

        return null;
    }

    /// <summary>Whether the value itself is used, not only something about it such as its length.</summary>
    private static bool IsPartOfAnswer(IPropertyReferenceOperation reference) => reference.Parent is not (IMemberReferenceOperation or IIsPatternOperation or IBinaryOperation
    {
        Type.SpecialType: SpecialType.System_Boolean
    });

    private static bool PassesOn(IMethodSymbol method) => method.ContainingType.SpecialType == SpecialType.System_String || method.Name is "ToString" or "AppendFormatted";

    private static bool IsLog(IMethodSymbol method)
    {
        string type = method.ContainingType.ToDisplayString();
        return type is "System.Console" or "System.Diagnostics.Debug" or "System.Diagnostics.Trace" || type.StartsWith("Microsoft.Extensions.Logging.", StringComparison.Ordinal)
            || method.Attribute("Microsoft.Extensions.Logging.LoggerMessageAttribute") is not null;
    }
}
