using System.IO.Pipelines;
using AgentFlow.Wire.Framing;
using AgentFlow.Wire.Headers;
using AgentFlow.Wire.Statuses;
using Google.Protobuf;

namespace AgentFlow.Client.Transport;

/// <summary>The answer to one call, read message by message.</summary>
internal sealed class ClientCall : IAsyncDisposable
{
    private static readonly StreamPipeReaderOptions s_pipe = new(bufferSize: 16384, useZeroByteReads: true);
    private readonly HttpResponseMessage? _response;
    private readonly PipeReader? _pipe;
    private readonly MessageReader? _reader;
    private readonly GrpcStatus? _early;

    private ClientCall(HttpResponseMessage? response, GrpcStatus? early, PipeReader? pipe, MessageReader? reader) =>
        (_response, _early, _pipe, _reader) = (response, early, pipe, reader);

    /// <summary>A call that was not sent.</summary>
    public static ClientCall Unsent(GrpcStatus reason) => new(null, reason, null, null);

    /// <summary>Whether the answer is a status alone: the hub refused the call before its method ran.</summary>
    public bool HasEndedEarly => _early is not null;

    /// <summary>What the call carries, or null.</summary>
    public CallToken? Token { get; private init; }

    /// <summary>Sends the request. What goes wrong on the way throws <see cref="HttpRequestException"/> or <see cref="IOException"/>.</summary>
    public static async Task<ClientCall> StartAsync(
        HubConnection connection, string method, HttpContent content, CallToken? token, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var response = await connection.SendAsync(method, content, token, timeout, cancellationToken).ConfigureAwait(false);
        if (ResponseStatus.Early(response) is { } early)
            return new ClientCall(response, early, null, null) { Token = token };
        var pipe = PipeReader.Create(await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), s_pipe);
        bool isGzip = ResponseStatus.Header(response.Headers, GrpcHeaders.Encoding) == GrpcHeaders.Gzip;
        return new ClientCall(response, null, pipe, new MessageReader(pipe, connection.Options.MaxMessageBytes, isGzip)) { Token = token };
    }

    /// <summary>The next message. At the end of the stream the status of the call: <see cref="MessageRead{T}.IsEnd"/> where it is OK.</summary>
    public async ValueTask<MessageRead<T>> ReadAsync<T>(MessageParser<T> parser, CancellationToken cancellationToken)
        where T : class, IMessage<T>
    {
        if (_early is not null)
            return MessageRead<T>.Failed(_early);
        var read = await _reader!.ReadAsync(parser, cancellationToken).ConfigureAwait(false);
        return read.IsEnd ? MessageRead<T>.Failed(ResponseStatus.Of(_response!)) : read;
    }

    public async ValueTask DisposeAsync()
    {
        if (_pipe is not null)
            await _pipe.CompleteAsync().ConfigureAwait(false);
        _response?.Dispose();
    }
}
