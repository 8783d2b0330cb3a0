using AgentFlow.Generators.Graph;
using AgentFlow.Generators.Shared;
using Microsoft.CodeAnalysis;

namespace AgentFlow.Generators.Modules;

/// <summary>What the module needs to know of the whole project, read from each new compilation and equal almost always.</summary>
internal sealed record ProjectFacts(string Assembly, string Namespace, bool IsExecutable, bool CanHost, EquatableArray<ReferencedModule> References)
{
    public static ProjectFacts Read(Compilation compilation) => new(
        compilation.AssemblyName ?? "",
        ModuleName.Namespace(compilation),
        IsApp(compilation),
        compilation.GetTypeByMetadataName("Microsoft.Extensions.Hosting.IHostApplicationBuilder") is not null
            && compilation.GetTypeByMetadataName("AgentFlow.Hosting.AgentFlowHosting") is not null,
        ReferencedModule.Find(compilation).ToEquatableArray());

    public static bool IsApp(Compilation compilation) => compilation.Options.OutputKind is OutputKind.ConsoleApplication or OutputKind.WindowsApplication;
}

/// <summary>The module of a referenced assembly.</summary>
internal sealed record ReferencedModule(string TypeName, RouteModule Routes)
{
    /// <summary>The modules of everything that the compiler was given, which includes what references reference, by assembly name.</summary>
    public static IEnumerable<ReferencedModule> Find(Compilation compilation)
    {
        foreach (IAssemblySymbol assembly in compilation.SourceModule.ReferencedAssemblySymbols.OrderBy(a => a.Name, StringComparer.Ordinal))
        {
            // Most references are the framework's: they are passed over without a look at their attributes.
            if (!assembly.Modules.Any(m => m.ReferencedAssemblies.Any(r => r.Name == "AgentFlow")))
                continue;
            if (assembly.Attribute(ModuleAttributes.Module)?.Argument<ITypeSymbol>(0) is { } module)
                yield return new ReferencedModule(Naming.FullName(module), ModuleAttributes.Read(assembly));
        }
    }
}
