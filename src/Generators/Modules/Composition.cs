using System.Collections.Concurrent;
using AgentFlow.Generators.Agents;
using AgentFlow.Generators.Contracts;
using AgentFlow.Generators.Graph;
using AgentFlow.Generators.Shared;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace AgentFlow.Generators.Modules;

/// <summary>Gathers, while a compilation is looked at, everything that the rules across types need.</summary>
internal sealed class Composition
{
    private readonly ConcurrentBag<ParsedAgent> _agents = [];
    private readonly ConcurrentBag<(RouteContract Contract, INamedTypeSymbol Type)> _contracts = [];
    private readonly ConcurrentBag<(string Contract, string Type, bool IsGated, Location Location)> _starts = [];
    private int _isComposed;

    /// <summary>The agents of this project, by type.</summary>
    public IReadOnlyList<ParsedAgent> Agents => [.. _agents.OrderBy(a => a.Model.MetadataName, StringComparer.Ordinal)];

    /// <summary>The contracts of this project, by key.</summary>
    public IReadOnlyList<(RouteContract Contract, INamedTypeSymbol Type)> Contracts =>
        [.. _contracts.OrderBy(c => c.Contract.Key, StringComparer.Ordinal).ThenBy(c => c.Contract.Type, StringComparer.Ordinal)];

    /// <summary>The calls that start a thread, by place.</summary>
    public IReadOnlyList<(string Contract, string Type, bool IsGated, Location Location)> Starts =>
        [.. _starts.OrderBy(s => s.Location.SourceTree?.FilePath, StringComparer.Ordinal).ThenBy(s => s.Location.SourceSpan.Start)];

    /// <summary>Whether the project calls its <c>AddAgentFlow</c>.</summary>
    public bool IsComposed => _isComposed != 0;

    public bool IsEmpty => _agents.IsEmpty && _contracts.IsEmpty;

    public void Add(INamedTypeSymbol type)
    {
        if (AgentParser.Parse(type, report: null) is { } agent)
            _agents.Add(agent);
        if (ContractReader.Read(type) is { } contract)
            _contracts.Add((contract, type));
    }

    public void Add(IInvocationOperation call)
    {
        IMethodSymbol method = call.TargetMethod;
        if (method.Name == "AddAgentFlow" && method.ContainingType.Is("AgentFlow.AgentFlowApplication"))
        {
            Interlocked.Exchange(ref _isComposed, 1);
        }
        else if (method is { Name: "StartThreadAsync", TypeArguments.Length: 1 } && method.ContainingType.ContainingNamespace.Name == "AgentFlow"
            && ContractReader.Key(method.TypeArguments[0]) is { } key)
        {
            _starts.Add((key, method.TypeArguments[0].Name, ContractFacts.IsGated(method.TypeArguments[0]), call.Syntax.GetLocation()));
        }
    }
}
