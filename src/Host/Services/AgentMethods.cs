using AgentFlow.Host.Callers;
using AgentFlow.Host.Calls;
using AgentFlow.Protocol.Hub;
using AgentFlow.Wire.Messages;
using AgentFlow.Wire.Values;
using Google.Protobuf;

namespace AgentFlow.Host.Services;

/// <summary>Identity logs, key bundles and names.</summary>
internal sealed class AgentMethods(CallerHubs hubs)
{
    public IEnumerable<GrpcMethod> All =>
    [
        Unary.Method(HubMethods.Service, "RegisterAgent", RegisterAgentRequest.Parser, RegisterAsync) with { IsOpen = true },
        Unary.Method(HubMethods.Service, "ReadAgent", ReadAgentRequest.Parser, ReadAsync),
        Unary.Method(HubMethods.Service, "ResolveName", ResolveNameRequest.Parser, ResolveAsync),
    ];

    private async ValueTask<Reply> RegisterAsync(RegisterAgentRequest request, ServerCall call)
    {
        if (!request.Agent.TryRead(out AgentId agent))
            return Refusals.Id("agent");
        var registration = new AgentRegistration(agent, request.IdentityLog.Memory, request.KeyBundle.Memory);
        return Reply.When(await hubs.Of(call.Caller).RegisterAgentAsync(registration, call.Cancelled).ConfigureAwait(false), new RegisterAgentResponse());
    }

    private async ValueTask<Reply> ReadAsync(ReadAgentRequest request, ServerCall call)
    {
        if (!request.Agent.TryRead(out AgentId agent))
            return Refusals.Id("agent");
        return await hubs.Of(call.Caller).ReadAgentAsync(agent, call.Cancelled).ConfigureAwait(false) is { } known
            ? Reply.Of(new ReadAgentResponse
            {
                IdentityLog = UnsafeByteOperations.UnsafeWrap(known.IdentityLog), KeyBundle = UnsafeByteOperations.UnsafeWrap(known.KeyBundle),
            })
            : Reply.Refused(HubStatus.NotFound);
    }

    private async ValueTask<Reply> ResolveAsync(ResolveNameRequest request, ServerCall call) =>
        await hubs.Of(call.Caller).ResolveNameAsync(request.Name, call.Cancelled).ConfigureAwait(false) is { } agent
            ? Reply.Of(new ResolveNameResponse { Agent = agent.ToWire() })
            : Reply.Refused(HubStatus.NotFound);
}
