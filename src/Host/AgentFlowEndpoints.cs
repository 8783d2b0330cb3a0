using AgentFlow.Host.Calls;
using AgentFlow.Host.Health;
using AgentFlow.Host.Hosting;
using AgentFlow.Host.Services;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace AgentFlow;

/// <summary>Maps the hub's endpoints.</summary>
public static class AgentFlowEndpoints
{
    private const string Unknown = "{service}/{method}";

    /// <summary>
    /// Serves the hub that <c>AddAgentFlowHub</c> added: the gRPC service of <c>hub.proto</c>, <c>grpc.health.v1</c> and reflection; <c>/health/live</c> and
    /// <c>/health/ready</c> over plain HTTP.
    /// </summary>
    /// <remarks>Loopback is served; other machines only where <see cref="HubServerOptions"/> says so. A host that listens elsewhere does not start.</remarks>
    /// <param name="endpoints">The application.</param>
    /// <exception cref="InvalidOperationException"><c>AddAgentFlowHub</c> was not called.</exception>
    public static IEndpointConventionBuilder MapAgentFlow(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        if (endpoints.ServiceProvider.GetService<HubSource>() is null)
            throw new InvalidOperationException("No hub was added. Call builder.AddAgentFlowHub(...) before builder.Build().");
        var server = ActivatorUtilities.CreateInstance<CallServer>(endpoints.ServiceProvider);
        var group = endpoints.MapGroup("");
        foreach (var method in HubMethods.All(endpoints.ServiceProvider))
        {
            // Routes know no case, methods do.
            Task ServeAsync(HttpContext context) =>
                context.Request.Path.Value == method.Path ? server.ServeAsync(context, method) : server.ServeUnknownAsync(context);
            group.MapPost(method.Path, ServeAsync).WithDisplayName("gRPC " + method.Path);
        }

        var isGrpc = RoutePatternFactory.Parse(Unknown, defaults: null, parameterPolicies: new RouteValueDictionary { ["service"] = new GrpcConstraint() });
        group.Map(isGrpc, server.ServeUnknownAsync).WithDisplayName("gRPC, unknown method");
        ActivatorUtilities.CreateInstance<HealthPages>(endpoints.ServiceProvider).Map(group);
        return group;
    }

    private sealed class GrpcConstraint : IRouteConstraint
    {
        public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
            httpContext is not null && CallServer.IsGrpc(httpContext);
    }
}
