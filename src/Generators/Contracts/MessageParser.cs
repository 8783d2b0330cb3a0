using AgentFlow.Generators.Shared;
using Microsoft.CodeAnalysis;

namespace AgentFlow.Generators.Contracts;

/// <summary>What the attributes of a <c>[Message]</c> say beside its members.</summary>
internal static class MessageParser
{
    private const string EndsThread = "AgentFlow.EndsThreadAttribute";
    private const string Route = "AgentFlow.RouteAttribute";
    private const string MaxHops = "AgentFlow.MaxHopsAttribute";
    private const string Summary = "AgentFlow.SummaryAttribute";
    private const string UpcastFrom = "AgentFlow.UpcastFromAttribute";

    private const int Completed = 1;
    private const int Failed = 5;

    public static MessageModel? Parse(INamedTypeSymbol type, ShapeModel shape, ParseReport report)
    {
        if (type.Attribute(ContractFacts.Message) is not { } attribute)
            return null;
        (string name, int version) = NameAndVersion(type, attribute, report);
        AttributeData? summary = type.Attribute(Summary);
        string? template = summary?.Argument<string>(0);
        return new MessageModel(
            name, version, Outcome(type, report), type.Attribute(Route)?.Argument<string>(0), Hops(type, report), template,
            summary is null ? default : SummaryParser.Parse(type, template ?? "", shape, summary.Location(type), report), Approvals(type, report), Upcasts(type, name, version, report));
    }

    public static (string Name, int Version) NameAndVersion(INamedTypeSymbol type, AttributeData attribute, ParseReport report)
    {
        string name = attribute.Argument<string>(0) ?? "";
        int version = attribute.Named("Version", 1);
        if (!ContractNames.IsWireName(name))
            report.Add(ContractDiagnostics.AttributeValue, attribute.Location(type), type.Name, $"has the name '{name}'. Write dotted lower-case words such as 'release.built', 1 to 128 characters.");
        if (version is < 1 or > 65_535)
            report.Add(ContractDiagnostics.AttributeValue, attribute.Location(type), type.Name, $"has version {version}. Take 1 to 65535.");
        return (name, version);
    }

    /// <summary>Whether the type declares a way from an older version.</summary>
    public static bool HasUpcast(INamedTypeSymbol type, int version) =>
        type.GetMembers().OfType<IMethodSymbol>().Any(method => method.Attribute(UpcastFrom)?.Argument<int>(0) == version);

    private static string? Outcome(INamedTypeSymbol type, ParseReport report)
    {
        if (type.Attribute(EndsThread) is not { } attribute)
            return null;
        switch (attribute.Argument<int>(0))
        {
            case Completed: return "Completed";
            case Failed: return "Failed";
            default:
                report.Add(ContractDiagnostics.AttributeValue, attribute.Location(type), type.Name, "ends the thread with an outcome that no message has. Take Completed or Failed.");
                return null;
        }
    }

    private static int? Hops(INamedTypeSymbol type, ParseReport report)
    {
        if (type.Attribute(MaxHops) is not { } attribute)
            return null;
        int hops = attribute.Argument<int>(0);
        if (hops is < 1 or > 1_000_000)
            report.Add(ContractDiagnostics.AttributeValue, attribute.Location(type), type.Name, $"has [MaxHops({hops})]. Take 1 to 1000000.");
        return hops;
    }

    private static EquatableArray<ApprovalModel> Approvals(INamedTypeSymbol type, ParseReport report)
    {
        var approvals = new List<ApprovalModel>();
        foreach (AttributeData attribute in type.Attributes(ContractFacts.RequiresApproval))
        {
            Location location = attribute.Location(type);
            string role = attribute.Argument<string>(0) ?? "";
            int quorum = attribute.Named("Quorum", 1);
            string lifetime = attribute.Named("ExpiresAfter", "24h");
            if (string.IsNullOrWhiteSpace(role))
                report.Add(ContractDiagnostics.AttributeValue, location, type.Name, "requires approval by a role without a name. Name the role.");
            if (quorum is < 1 or > 255)
                report.Add(ContractDiagnostics.AttributeValue, location, type.Name, $"requires {quorum} approvals. Take 1 to 255.");
            if (!Durations.TryParse(lifetime, out long ticks) || ticks % TimeSpan.TicksPerSecond != 0)
                report.Add(ContractDiagnostics.NotDuration, location, lifetime, "a duration of whole seconds", "numbers with d, h, m or s, such as 30m, 2h, 7d or 1h30m");
            approvals.Add(new ApprovalModel(role, quorum, ticks, attribute.Named("DenyEnds", true)));
        }

        return approvals.ToEquatableArray();
    }

    private static EquatableArray<UpcastModel> Upcasts(INamedTypeSymbol type, string name, int version, ParseReport report)
    {
        var upcasts = new List<UpcastModel>();
        foreach (IMethodSymbol method in type.GetMembers().OfType<IMethodSymbol>())
        {
            if (method.Attribute(UpcastFrom) is not { } attribute)
                continue;
            int from = attribute.Argument<int>(0);
            bool fits = method is { IsStatic: true, IsGenericMethod: false, Parameters.Length: 1 } && method.Parameters[0] is { RefKind: RefKind.None } old && SymbolEqualityComparer.Default.Equals(method.ReturnType, type)
                && ContractFacts.NameAndVersion(old.Type) == $"{name}@{from}" && from < version && !upcasts.Exists(u => u.Version == from);
            if (fits)
                upcasts.Add(new UpcastModel(from, Naming.FullName(method.Parameters[0].Type), method.Name));
            else
                report.Add(ContractDiagnostics.AttributeValue, attribute.Location(method), $"{type.Name}.{method.Name}", $"is no way from {name}@{from}. Write 'static {type.Name} {method.Name}(Old old)', once, where Old is the [Message(\"{name}\", Version = {from})] type and {from} is below {version}.");
        }

        return upcasts.OrderBy(static u => u.Version).ToEquatableArray();
    }
}
