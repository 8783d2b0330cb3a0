using AgentFlow.Host.Calls;
using AgentFlow.Host.Hosting;
using AgentFlow.Wire.Messages;
using AgentFlow.Wire.Values;

namespace AgentFlow.Host.Services;

/// <summary>What an agent has read and what it has not.</summary>
internal sealed class InboxMethods(HubSource source)
{
    public IEnumerable<GrpcMethod> All =>
    [
        Unary.Method(HubMethods.Service, "Acknowledge", AcknowledgeRequest.Parser, AcknowledgeAsync),
        Unary.Method(HubMethods.Service, "ListInbox", ListInboxRequest.Parser, ListAsync),
    ];

    private async ValueTask<Reply> AcknowledgeAsync(AcknowledgeRequest request, CancellationToken cancellationToken)
    {
        if (!request.Agent.TryRead(out AgentId agent) || !request.Thread.TryRead(out ThreadId thread))
            return Refusals.Id("agent", "thread");
        return Reply.When(
            await source.Hub.AcknowledgeAsync(agent, thread, request.UpToPosition, cancellationToken).ConfigureAwait(false), new AcknowledgeResponse());
    }

    private async ValueTask<Reply> ListAsync(ListInboxRequest request, CancellationToken cancellationToken)
    {
        if (!request.Agent.TryRead(out AgentId agent))
            return Refusals.Id("agent");
        string? cursor = request.Cursor.Length == 0 ? null : request.Cursor;
        var page = await source.Hub.ListInboxAsync(agent, request.UnreadOnly, cursor, request.MaxCount, cancellationToken).ConfigureAwait(false);
        var response = new ListInboxResponse { NextCursor = page.NextCursor ?? "" };
        response.Rows.AddRange(page.Entries.Select(entry =>
            new InboxRow { Thread = entry.Thread.ToWire(), Head = entry.Head, Acknowledged = entry.Acknowledged }));
        return Reply.Of(response);
    }
}
