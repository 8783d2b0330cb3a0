using System.ComponentModel;
using AgentFlow.Diagnostics;
using AgentFlow.FrontDoor;
using AgentFlow.SourceGeneration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AgentFlow.Hosting;

/// <summary>Called by the generated <c>AddAgentFlow()</c>; not for direct use.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class AgentFlowHosting
{
    /// <summary>Adds the runtime with the contracts and agents of modules.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="configure">Sets options, or null.</param>
    /// <param name="modules">The module of the executable and those of the assemblies that it references.</param>
    /// <exception cref="InvalidOperationException">It was added before.</exception>
    public static AgentFlowBuilder Add(IHostApplicationBuilder builder, Action<AgentFlowOptions>? configure, params ModuleDescriptor[] modules)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(modules);
        return Add(builder.Services, builder.Environment.ContentRootPath, configure, modules);
    }

    internal static AgentFlowBuilder Add(
        IServiceCollection services, string contentRoot, Action<AgentFlowOptions>? configure, params ModuleDescriptor[] modules)
    {
        if (services.Any(service => service.ServiceType == typeof(RuntimeSetup)))
            throw new InvalidOperationException(
                "AddAgentFlow() was called twice. Call it once, in the executable: it composes the modules of every referenced project.");
        FailPoints.EnsureRegistered();
        var setup = new RuntimeSetup(contentRoot, modules);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(setup);
        services.AddSingleton<IValidateOptions<AgentFlowOptions>, AgentFlowOptionsValidator>();
        services.AddSingleton<RuntimeHost>();
        services.AddSingleton<IHostedService>(static provider => provider.GetRequiredService<RuntimeHost>());
        services.AddSingleton<IApprovals>(static provider => new ApprovalService(provider.GetRequiredService<RuntimeHost>()));
        services.AddSingleton<IAgentFlow>(
            static provider => new AgentFlowService(provider.GetRequiredService<RuntimeHost>(), provider.GetRequiredService<IApprovals>()));
        var options = services.AddOptions<AgentFlowOptions>().ValidateOnStart();
        if (configure is not null)
            options.Configure(configure);
        return new AgentFlowBuilder(services, setup);
    }
}
