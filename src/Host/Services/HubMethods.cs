using AgentFlow.Host.Calls;
using AgentFlow.Host.Health;
using AgentFlow.Host.Reflection;
using AgentFlow.Wire.Messages;
using Microsoft.Extensions.DependencyInjection;

namespace AgentFlow.Host.Services;

/// <summary>Every method that is served.</summary>
internal static class HubMethods
{
    /// <summary>The name of the hub's own service.</summary>
    public static string Service { get; } = HubReflection.Descriptor.Services[0].FullName;

    public static IEnumerable<GrpcMethod> All(IServiceProvider services) =>
    [
        .. ActivatorUtilities.CreateInstance<LoginMethods>(services).All,
        .. ActivatorUtilities.CreateInstance<AgentMethods>(services).All,
        .. ActivatorUtilities.CreateInstance<ThreadMethods>(services).All,
        .. ActivatorUtilities.CreateInstance<InboxMethods>(services).All,
        .. ActivatorUtilities.CreateInstance<LeaseMethods>(services).All,
        .. ActivatorUtilities.CreateInstance<BlobMethods>(services).All,
        .. ActivatorUtilities.CreateInstance<StreamMethods>(services).All,
        .. ActivatorUtilities.CreateInstance<HealthMethods>(services).All,
        .. new ReflectionMethods().All,
    ];
}
