using System.Reflection;
using AgentFlow.Generators.Tests.Harness;
using AgentFlow.SourceGeneration;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace AgentFlow.Generators.Tests.Agents;

/// <summary>Compiles, loads and runs what the generator makes of agents.</summary>
internal static class AgentHarness
{
    /// <summary>Contracts that most tests share.</summary>
    public const string Contracts = """
        namespace Shop;

        [Message("release.built")] public sealed partial record Built(string Service);
        [Message("release.tested")] public sealed partial record Tested(string Service);
        [Message("release.scanned")] public sealed partial record Scanned(string Service);
        [Message("release.deployed"), EndsThread] public sealed partial record Deployed(string Service);
        [Message("release.deploy"), RequiresApproval("release-managers", ExpiresAfter = "2h")] public sealed partial record Deploy(string Service);
        """;

    public static GeneratorResult Run(string source, TestOptions? options = null) => GeneratorHarness.Run([Contracts, source], options);

    /// <summary>The descriptor of the only agent of a source.</summary>
    public static LoadedAgent Agent(string source)
    {
        // As a user ships it: in a debug build every async method allocates its state machine.
        GeneratorResult result = Run(source);
        Compilation release = result.Compilation.WithOptions(((CSharpCompilationOptions)result.Compilation.Options).WithOptimizationLevel(OptimizationLevel.Release));
        Assembly assembly = (result with { Compilation = release }).Load();
        return new LoadedAgent(assembly, Assert.Single(Module(assembly).Agents));
    }

    public static ModuleDescriptor Module(Assembly assembly) =>
        (ModuleDescriptor)assembly.GetCustomAttribute<AgentFlowModuleAttribute>()!.Module.GetProperty("Descriptor")!.GetValue(null)!;
}

/// <summary>An agent of a loaded assembly, whose types the test knows by name only.</summary>
internal sealed class LoadedAgent(Assembly assembly, AgentDescriptor descriptor)
{
    public AgentDescriptor Descriptor { get; } = descriptor;

    /// <summary>Makes a message with one text member.</summary>
    public object Message(string type, string text = "shop") => Activator.CreateInstance(assembly.GetType("Shop." + type, throwOnError: true)!, text)!;

    /// <summary>Makes a wrapper of a gated contract, as the runtime does after its checks.</summary>
    public object Wrap(string wrapper, object message)
    {
        Type type = typeof(Approved<>).Assembly.GetType($"AgentFlow.{wrapper}`1", throwOnError: true)!.MakeGenericType(message.GetType());
        return Activator.CreateInstance(type, BindingFlags.Instance | BindingFlags.NonPublic, null, [message, new ApprovalEvidence("apr_", "af1:", [])], null)!;
    }

    /// <summary>Makes the agent, calls its only handler and gives the texts of the messages that it emitted.</summary>
    public async Task<string[]> CallAsync(object message, IServiceProvider? services = null, int handler = 0)
    {
        var context = new RecordingContext(services ?? new Services(), TestContext.Current.CancellationToken);
        await Descriptor.Handlers[handler].Invoke(Descriptor.Create(context.Services), message, context);
        return [.. context.Emitted];
    }

    public Task<string[]> CallAsync(string type) => CallAsync(Message(type));
}

/// <summary>Services by type.</summary>
internal sealed class Services(params object[] instances) : IServiceProvider
{
    public object? GetService(Type serviceType) => serviceType == typeof(IServiceProvider) ? this : instances.FirstOrDefault(serviceType.IsInstanceOfType);
}
