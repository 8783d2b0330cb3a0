using AgentFlow.Host.Callers;
using AgentFlow.Host.Calls;
using AgentFlow.Protocol.Hub;
using AgentFlow.Wire.Messages;
using AgentFlow.Wire.Values;
using Microsoft.Extensions.Options;

namespace AgentFlow.Host.Services;

/// <summary>Threads: created, appended to, read.</summary>
internal sealed class ThreadMethods(CallerHubs hubs, IOptions<HubServerOptions> options)
{
    /// <summary>Room for what stands around the envelopes of a page: the largest envelope goes over a page's bound, and each has fields of its own.</summary>
    private const int PageMargin = 384 << 10;

    private readonly int _maxPageBytes = options.Value.MaxMessageBytes - PageMargin;

    public IEnumerable<GrpcMethod> All =>
    [
        Unary.Method(HubMethods.Service, "CreateThread", CreateThreadRequest.Parser, CreateAsync),
        Unary.Method(HubMethods.Service, "Append", AppendRequest.Parser, AppendAsync),
        Unary.Method(HubMethods.Service, "ReadThread", ReadThreadRequest.Parser, ReadAsync),
    ];

    private async ValueTask<Reply> CreateAsync(CreateThreadRequest request, ServerCall call)
    {
        if (!request.Thread.TryRead(out ThreadId thread) || !request.MessageId.TryRead(out MessageId messageId))
            return Refusals.Id("thread", "message_id");
        var result = await hubs.Of(call.Caller).CreateThreadAsync(thread, messageId, request.Genesis.Memory, call.Cancelled).ConfigureAwait(false);
        return result.IsAccepted
            ? Reply.Of(new CreateThreadResponse { Position = result.Position, IsDuplicate = result.Status == AppendStatus.Duplicate })
            : Reply.Refused(result.Refusal);
    }

    private async ValueTask<Reply> AppendAsync(AppendRequest request, ServerCall call)
    {
        if (!request.Thread.TryRead(out ThreadId thread) || !request.MessageId.TryRead(out MessageId messageId))
            return Refusals.Id("thread", "message_id");
        var result = await hubs.Of(call.Caller).AppendAsync(thread, messageId, request.Envelope.Memory, call.Cancelled).ConfigureAwait(false);
        return result.IsAccepted
            ? Reply.Of(new AppendResponse { Position = result.Position, IsDuplicate = result.Status == AppendStatus.Duplicate })
            : Reply.Refused(result.Refusal);
    }

    private async ValueTask<Reply> ReadAsync(ReadThreadRequest request, ServerCall call)
    {
        if (!request.Thread.TryRead(out ThreadId thread))
            return Refusals.Id("thread");
        int maxBytes = Math.Min(request.MaxBytes, _maxPageBytes);
        var page = await hubs.Of(call.Caller).ReadThreadAsync(thread, request.AfterPosition, request.MaxCount, maxBytes, call.Cancelled).ConfigureAwait(false);
        var response = new ReadThreadResponse { FirstAvailable = page.FirstAvailable, Head = page.Head };
        response.Envelopes.AddRange(page.Envelopes.Select(envelope => envelope.ToWire()));
        return Reply.When(page.Status, response);
    }
}
