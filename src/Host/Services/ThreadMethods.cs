using AgentFlow.Host.Calls;
using AgentFlow.Host.Hosting;
using AgentFlow.Protocol.Hub;
using AgentFlow.Wire.Messages;
using AgentFlow.Wire.Values;
using Microsoft.Extensions.Options;

namespace AgentFlow.Host.Services;

/// <summary>Threads: created, appended to, read.</summary>
internal sealed class ThreadMethods(HubSource source, IOptions<HubServerOptions> options)
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

    private async ValueTask<Reply> CreateAsync(CreateThreadRequest request, CancellationToken cancellationToken)
    {
        if (!request.Thread.TryRead(out ThreadId thread) || !request.MessageId.TryRead(out MessageId messageId))
            return Refusals.Id("thread", "message_id");
        var result = await source.Hub.CreateThreadAsync(thread, messageId, request.Genesis.Memory, cancellationToken).ConfigureAwait(false);
        return result.IsAccepted
            ? Reply.Of(new CreateThreadResponse { Position = result.Position, IsDuplicate = result.Status == AppendStatus.Duplicate })
            : Reply.Refused(result.Refusal);
    }

    private async ValueTask<Reply> AppendAsync(AppendRequest request, CancellationToken cancellationToken)
    {
        if (!request.Thread.TryRead(out ThreadId thread) || !request.MessageId.TryRead(out MessageId messageId))
            return Refusals.Id("thread", "message_id");
        var result = await source.Hub.AppendAsync(thread, messageId, request.Envelope.Memory, cancellationToken).ConfigureAwait(false);
        return result.IsAccepted
            ? Reply.Of(new AppendResponse { Position = result.Position, IsDuplicate = result.Status == AppendStatus.Duplicate })
            : Reply.Refused(result.Refusal);
    }

    private async ValueTask<Reply> ReadAsync(ReadThreadRequest request, CancellationToken cancellationToken)
    {
        if (!request.Thread.TryRead(out ThreadId thread))
            return Refusals.Id("thread");
        int maxBytes = Math.Min(request.MaxBytes, _maxPageBytes);
        var page = await source.Hub.ReadThreadAsync(thread, request.AfterPosition, request.MaxCount, maxBytes, cancellationToken).ConfigureAwait(false);
        var response = new ReadThreadResponse { FirstAvailable = page.FirstAvailable, Head = page.Head };
        response.Envelopes.AddRange(page.Envelopes.Select(envelope => envelope.ToWire()));
        return Reply.When(page.Status, response);
    }
}
