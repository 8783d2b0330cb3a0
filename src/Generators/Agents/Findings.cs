using Microsoft.CodeAnalysis;

namespace AgentFlow.Generators.Agents;

/// <summary>Takes what a parser finds wrong: the analyzer gives a sink, the generator none and only asks whether there was anything.</summary>
internal sealed class Findings(Action<Diagnostic>? sink)
{
    public bool HasErrors { get; private set; }

    /// <summary>Notes that the code does not compile anyway: nothing is emitted, and the compiler says why.</summary>
    public void Stop() => HasErrors = true;

    /// <summary>Finds a symbol wrong, at the first place of it in the source or else at <paramref name="otherwise"/>.</summary>
    public void Add(DiagnosticDescriptor rule, ISymbol symbol, ISymbol otherwise, params object[] arguments)
    {
        HasErrors = true;
        sink?.Invoke(Diagnostic.Create(rule, symbol.Locations.FirstOrDefault(l => l.IsInSource) ?? otherwise.Locations.FirstOrDefault(), arguments));
    }

    public void Add(DiagnosticDescriptor rule, Location location, params object[] arguments)
    {
        HasErrors = true;
        sink?.Invoke(Diagnostic.Create(rule, location, arguments));
    }
}
