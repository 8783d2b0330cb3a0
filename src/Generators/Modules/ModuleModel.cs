using System.Collections.Immutable;
using AgentFlow.Generators.Agents;
using AgentFlow.Generators.Graph;
using AgentFlow.Generators.Shared;
using Microsoft.CodeAnalysis.Diagnostics;

namespace AgentFlow.Generators.Modules;

/// <summary>A type that has a codec, if it is valid; with its routing facts where it is a contract.</summary>
internal sealed record ModuleContract(string TypeName, RouteContract? Route, bool IsValid);

/// <summary>The module's descriptor: types and classes, sorted.</summary>
internal sealed record ModuleModel(
    string Assembly,
    string Namespace,
    EquatableArray<string> Messages,
    EquatableArray<string> Codecs,
    EquatableArray<string> Agents)
{
    /// <summary>The model, or null for a library that has nothing of AgentFlow.</summary>
    public static ModuleModel? Create(
        ProjectFacts project, ImmutableArray<ModuleContract> contracts, ImmutableArray<ModuleContract> payloads, ImmutableArray<AgentModel> agents)
    {
        bool isApp = project is { IsExecutable: true, CanHost: true };
        if (contracts.IsEmpty && payloads.IsEmpty && agents.IsEmpty && !isApp)
            return null;
        return new ModuleModel(
            project.Assembly,
            project.Namespace,
            contracts.Where(c => c.IsValid).OrderBy(c => c.Route?.Key, StringComparer.Ordinal).ThenBy(c => c.TypeName, StringComparer.Ordinal)
                .Select(c => c.TypeName).ToEquatableArray(),
            contracts.Concat(payloads).Where(c => c.IsValid).Select(c => c.TypeName).Distinct().OrderBy(t => t, StringComparer.Ordinal).ToEquatableArray(),
            agents.Where(a => a.IsValid).OrderBy(a => a.Name, StringComparer.Ordinal).ThenBy(a => a.MetadataName, StringComparer.Ordinal)
                .Select(a => AgentEmitter.ClassName(a.MetadataName)).ToEquatableArray());
    }
}

/// <summary>The routes of a project, and of its references where it is an executable.</summary>
internal sealed record RoutesModel(string Namespace, RouteModule Own, EquatableArray<RouteModule> Others, bool IsExecutable)
{
    public static RoutesModel Create(ProjectFacts project, ImmutableArray<ModuleContract> contracts, ImmutableArray<AgentSource> agents, string folder)
    {
        AgentSource[] sorted = [.. agents.Where(a => a.Model.IsValid).OrderBy(a => a.Model.MetadataName, StringComparer.Ordinal)];
        var own = new RouteModule(
            project.Assembly,
            contracts.Where(c => c.IsValid).Select(c => c.Route).OfType<RouteContract>().OrderBy(c => c.Key, StringComparer.Ordinal)
                .ThenBy(c => c.Type, StringComparer.Ordinal).ToEquatableArray(),
            sorted.Select(a => a.Model.ToRoute()).ToEquatableArray(),
            sorted.Select(a => a.Location with { File = SourceFolder.Relative(a.Location.File, folder) }).ToEquatableArray());
        return new RoutesModel(project.Namespace, own, project.References.Select(r => r.Routes).ToEquatableArray(), project.IsExecutable);
    }
}

/// <summary>Paths as the graph shows them: relative to the project, with forward slashes, the same on every machine.</summary>
internal static class SourceFolder
{
    public static string Of(AnalyzerConfigOptions options) =>
        options.TryGetValue("build_property.ProjectDir", out string? folder) || options.TryGetValue("build_property.MSBuildProjectDirectory", out folder)
            ? folder.Replace('\\', '/').TrimEnd('/')
            : "";

    /// <summary>The path below the folder, or the file's name for a file that lies elsewhere.</summary>
    public static string Relative(string file, string folder)
    {
        string path = file.Replace('\\', '/');
        if (folder.Length > 0 && path.StartsWith(folder + "/", StringComparison.Ordinal))
            return path.Substring(folder.Length + 1);
        return path.Substring(path.LastIndexOf('/') + 1);
    }
}
