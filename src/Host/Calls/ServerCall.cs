using System.IO.Pipelines;
using AgentFlow.Host.Callers;
using AgentFlow.Wire.Framing;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;

namespace AgentFlow.Host.Calls;

/// <summary>One call as a method sees it. One reader and one writer at a time.</summary>
/// <param name="context">The request.</param>
/// <param name="reader">Its messages.</param>
/// <param name="caller">Who calls, or null where nobody was asked.</param>
/// <param name="isGzip">Whether answers are compressed.</param>
/// <param name="cancelled">The caller is gone, the deadline is over or, where the call is long, the host stops or its token ends.</param>
internal sealed class ServerCall(HttpContext context, MessageReader reader, Caller? caller, bool isGzip, CancellationToken cancelled)
{
    public CancellationToken Cancelled => cancelled;

    public Caller? Caller => caller;

    public bool IsGzip => isGzip;

    public PipeWriter Output => context.Response.BodyWriter;

    /// <summary>Whether a message was written, so that the status must follow it.</summary>
    public bool HasWritten { get; private set; }

    public ValueTask<MessageRead<T>> ReadAsync<T>(MessageParser<T> parser)
        where T : class, IMessage<T> => reader.ReadAsync(parser, cancelled);

    /// <summary>Reads with a token of the method's own, which ends with <see cref="Cancelled"/>.</summary>
    public ValueTask<MessageRead<T>> ReadAsync<T>(MessageParser<T> parser, CancellationToken cancellationToken)
        where T : class, IMessage<T> => reader.ReadAsync(parser, cancellationToken);

    /// <summary>Sends the headers, so that the caller of a stream knows that it stands before the first message comes.</summary>
    public Task StartAsync()
    {
        HasWritten = true;
        return context.Response.StartAsync(cancelled);
    }

    public void Write(IMessage message)
    {
        HasWritten = true;
        MessageWriter.Write(Output, message, isGzip);
    }

    public async ValueTask FlushAsync() => await Output.FlushAsync(cancelled).ConfigureAwait(false);
}
