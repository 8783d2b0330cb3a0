using AgentFlow.Host.Calls;
using AgentFlow.Host.Hosting;
using AgentFlow.Protocol.Hub;
using AgentFlow.Wire.Messages;
using AgentFlow.Wire.Values;
using Google.Protobuf;

namespace AgentFlow.Host.Services;

/// <summary>Identity logs, key bundles and names.</summary>
internal sealed class AgentMethods(HubSource source)
{
    public IEnumerable<GrpcMethod> All =>
    [
        Unary.Method(HubMethods.Service, "RegisterAgent", RegisterAgentRequest.Parser, RegisterAsync),
        Unary.Method(HubMethods.Service, "ReadAgent", ReadAgentRequest.Parser, ReadAsync),
        Unary.Method(HubMethods.Service, "ResolveName", ResolveNameRequest.Parser, ResolveAsync),
    ];

    private async ValueTask<Reply> RegisterAsync(RegisterAgentRequest request, CancellationToken cancellationToken)
    {
        if (!request.Agent.TryRead(out AgentId agent))
            return Refusals.Id("agent");
        var registration = new AgentRegistration(agent, request.IdentityLog.Memory, request.KeyBundle.Memory);
        return Reply.When(await source.Hub.RegisterAgentAsync(registration, cancellationToken).ConfigureAwait(false), new RegisterAgentResponse());
    }

    private async ValueTask<Reply> ReadAsync(ReadAgentRequest request, CancellationToken cancellationToken)
    {
        if (!request.Agent.TryRead(out AgentId agent))
            return Refusals.Id("agent");
        return await source.Hub.ReadAgentAsync(agent, cancellationToken).ConfigureAwait(false) is { } known
            ? Reply.Of(new ReadAgentResponse
            {
                IdentityLog = UnsafeByteOperations.UnsafeWrap(known.IdentityLog), KeyBundle = UnsafeByteOperations.UnsafeWrap(known.KeyBundle),
            })
            : Reply.Refused(HubStatus.NotFound);
    }

    private async ValueTask<Reply> ResolveAsync(ResolveNameRequest request, CancellationToken cancellationToken) =>
        await source.Hub.ResolveNameAsync(request.Name, cancellationToken).ConfigureAwait(false) is { } agent
            ? Reply.Of(new ResolveNameResponse { Agent = agent.ToWire() })
            : Reply.Refused(HubStatus.NotFound);
}
