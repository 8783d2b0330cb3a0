using AgentFlow.Generators.Shared;
using Microsoft.CodeAnalysis;

namespace AgentFlow.Generators.Agents;

/// <summary>Reads what a handler returns: that is what it sends.</summary>
internal static class ReturnParser
{
    public static ReturnModel? Parse(ITypeSymbol type, out string problem)
    {
        problem = "";
        if (type.SpecialType == SpecialType.System_Void)
            return new ReturnModel(ReturnForm.Value, ReturnShape.Nothing);
        if (type is INamedTypeSymbol named)
        {
            bool isAwaitable = named.Is("System.Threading.Tasks.Task") || named.Is("System.Threading.Tasks.ValueTask");
            if (isAwaitable && named.Arity == 0)
                return new ReturnModel(ReturnForm.Awaitable, ReturnShape.Nothing);
            if (isAwaitable)
                return With(ReturnForm.Awaitable, named.TypeArguments[0], out problem);
            if (named.Arity == 1 && named.Is("System.Collections.Generic.IAsyncEnumerable"))
                return With(ReturnForm.Stream, named.TypeArguments[0], out problem);
        }

        return With(ReturnForm.Value, type, out problem);
    }

    private static ReturnModel? With(ReturnForm form, ITypeSymbol type, out string problem) =>
        Shape(type, out problem) is { } shape ? new ReturnModel(form, shape) : null;

    private static ReturnShape? Shape(ITypeSymbol type, out string problem)
    {
        problem = "";
        if (ContractReader.Reference(type) is { } contract)
            return ReturnShape.Message(contract);
        if (type is INamedTypeSymbol { IsTupleType: true } tuple)
            return Parts(ReturnShapeKind.Tuple, tuple.TupleElements.Select(e => e.Type), out problem);
        if (type is INamedTypeSymbol { Arity: > 1 } choice && choice.Is("AgentFlow.OneOf"))
            return Distinct(choice, out problem) ? Parts(ReturnShapeKind.OneOf, choice.TypeArguments, out problem) : null;

        problem = $"returns '{type.Short()}', which is no contract. Mark that type [Message], or return nothing.";
        return null;
    }

    private static ReturnShape? Parts(ReturnShapeKind kind, IEnumerable<ITypeSymbol> types, out string problem)
    {
        problem = "";
        var parts = new List<ReturnShape>();
        foreach (ITypeSymbol type in types)
        {
            if (Shape(type, out problem) is not { } part)
                return null;
            parts.Add(part);
        }

        return new ReturnShape(kind, null, parts.ToEquatableArray());
    }

    // A message must say by its type which case it is.
    private static bool Distinct(INamedTypeSymbol choice, out string problem)
    {
        problem = "";
        for (int i = 0; i < choice.TypeArguments.Length; i++)
        {
            for (int j = 0; j < choice.TypeArguments.Length; j++)
            {
                if (i == j || !IsOrDerives(choice.TypeArguments[i], choice.TypeArguments[j]))
                    continue;
                problem = $"returns '{choice.Short()}', where '{choice.TypeArguments[i].Name}' is also '{choice.TypeArguments[j].Name}'. "
                    + "Use contracts that do not derive from each other.";
                return false;
            }
        }

        return true;
    }

    private static bool IsOrDerives(ITypeSymbol type, ITypeSymbol other)
    {
        for (ITypeSymbol? at = type; at is not null; at = at.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(at, other))
                return true;
        }

        return false;
    }
}
