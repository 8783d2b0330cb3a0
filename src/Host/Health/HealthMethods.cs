using AgentFlow.Host.Calls;
using AgentFlow.Protocol.Hub;
using AgentFlow.Wire.Messages;
using AgentFlow.Wire.Messages.Health;
using AgentFlow.Wire.Statuses;

namespace AgentFlow.Host.Health;

/// <summary>The service grpc.health.v1.</summary>
internal sealed class HealthMethods(HubHealth health)
{
    private const string Service = "grpc.health.v1.Health";

    private static readonly string s_hub = HubReflection.Descriptor.Services[0].FullName;

    public IEnumerable<GrpcMethod> All =>
    [
        Unary.Method(Service, "Check", HealthCheckRequest.Parser, (request, _) => ValueTask.FromResult(Check(request))) with { IsOpen = true },
        new GrpcMethod(Service, "Watch", WatchAsync) { IsOpen = true },
    ];

    private static bool IsKnown(HealthCheckRequest request) => request.Service.Length == 0 || request.Service == s_hub;

    private Reply Check(HealthCheckRequest request) =>
        IsKnown(request) ? Reply.Of(new HealthCheckResponse { Status = health.Current }) : Reply.Refused(HubStatus.NotFound);

    private async ValueTask<GrpcStatus> WatchAsync(ServerCall call)
    {
        var request = await Unary.ReadOnlyAsync(call, HealthCheckRequest.Parser).ConfigureAwait(false);
        if (request.Message is null)
            return request.Status;
        bool isKnown = IsKnown(request.Message);
        var first = isKnown ? health.Current : HealthCheckResponse.Types.ServingStatus.ServiceUnknown;
        call.Write(new HealthCheckResponse { Status = first });
        await call.FlushAsync().ConfigureAwait(false);
        await health.LeavingAsync(call.Cancelled).ConfigureAwait(false);
        if (isKnown && first != health.Current)
            call.Write(new HealthCheckResponse { Status = health.Current });
        return new GrpcStatus(GrpcStatusCode.Unavailable, "The hub is stopping.", HubStatus.Unavailable);
    }
}
