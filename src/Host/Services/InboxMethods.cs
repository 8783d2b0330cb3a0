using AgentFlow.Host.Callers;
using AgentFlow.Host.Calls;
using AgentFlow.Wire.Messages;
using AgentFlow.Wire.Values;

namespace AgentFlow.Host.Services;

/// <summary>What an agent has read and what it has not.</summary>
internal sealed class InboxMethods(CallerHubs hubs)
{
    public IEnumerable<GrpcMethod> All =>
    [
        Unary.Method(HubMethods.Service, "Acknowledge", AcknowledgeRequest.Parser, AcknowledgeAsync),
        Unary.Method(HubMethods.Service, "ListInbox", ListInboxRequest.Parser, ListAsync),
    ];

    private async ValueTask<Reply> AcknowledgeAsync(AcknowledgeRequest request, ServerCall call)
    {
        if (!request.Agent.TryRead(out AgentId agent) || !request.Thread.TryRead(out ThreadId thread))
            return Refusals.Id("agent", "thread");
        return Reply.When(
            await hubs.Of(call.Caller).AcknowledgeAsync(agent, thread, request.UpToPosition, call.Cancelled).ConfigureAwait(false), new AcknowledgeResponse());
    }

    private async ValueTask<Reply> ListAsync(ListInboxRequest request, ServerCall call)
    {
        if (!request.Agent.TryRead(out AgentId agent))
            return Refusals.Id("agent");
        string? cursor = request.Cursor.Length == 0 ? null : request.Cursor;
        var page = await hubs.Of(call.Caller).ListInboxAsync(agent, request.UnreadOnly, cursor, request.MaxCount, call.Cancelled).ConfigureAwait(false);
        var response = new ListInboxResponse { NextCursor = page.NextCursor ?? "" };
        response.Rows.AddRange(page.Entries.Select(entry =>
            new InboxRow { Thread = entry.Thread.ToWire(), Head = entry.Head, Acknowledged = entry.Acknowledged }));
        return Reply.Of(response);
    }
}
