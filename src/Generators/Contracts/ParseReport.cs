using Microsoft.CodeAnalysis;

namespace AgentFlow.Generators.Contracts;

/// <summary>Takes what the parser finds wrong: the analyzer hands it on, the generator only asks whether there was an error.</summary>
internal sealed class ParseReport(Action<Diagnostic>? report)
{
    public bool HasErrors { get; private set; }

    /// <summary>Whether somebody listens, so that the cost of finding warnings pays.</summary>
    public bool IsListening => report is not null;

    public void Add(DiagnosticDescriptor rule, Location location, params object[] arguments)
    {
        HasErrors |= rule.DefaultSeverity == DiagnosticSeverity.Error;
        report?.Invoke(Diagnostic.Create(rule, location, arguments));
    }
}
