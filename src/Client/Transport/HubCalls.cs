using System.Buffers;
using AgentFlow.Client.Diagnostics;
using AgentFlow.Protocol.Hub;
using AgentFlow.Wire.Framing;
using AgentFlow.Wire.Statuses;
using Google.Protobuf;

namespace AgentFlow.Client.Transport;

/// <summary>Calls with one request and one answer.</summary>
internal sealed class HubCalls(HubLine line)
{
    private static readonly GrpcStatus s_noAnswer = new(GrpcStatusCode.Internal, "The hub did not give the one answer that the method has.");

    private HubConnection Connection => line.Connection;

    /// <summary>Calls once, for the answer or the status.</summary>
    public ValueTask<MessageRead<TResponse>> TryAsync<TResponse>(
        string method, IMessage request, MessageParser<TResponse> parser, CancellationToken cancellationToken)
        where TResponse : class, IMessage<TResponse> => CallAsync(method, () => Content(request), parser, cancellationToken);

    /// <summary>Calls once.</summary>
    public async ValueTask<(TResponse? Response, HubStatus Status)> OnceAsync<TResponse>(
        string method, IMessage request, MessageParser<TResponse> parser, CancellationToken cancellationToken)
        where TResponse : class, IMessage<TResponse>
    {
        var answer = await CallAsync(method, () => Content(request), parser, cancellationToken).ConfigureAwait(false);
        return (answer.Message, answer.Message is null ? Outcomes.Of(answer.Status, Connection.Address) : HubStatus.Ok);
    }

    /// <summary>Calls again while the hub does not answer.</summary>
    public ValueTask<(TResponse? Response, HubStatus Status)> RepeatAsync<TResponse>(
        string method, IMessage request, MessageParser<TResponse> parser, CancellationToken cancellationToken)
        where TResponse : class, IMessage<TResponse> => RepeatAsync(method, () => Content(request), parser, cancellationToken);

    /// <summary>Calls again, with the content made anew, while the hub does not answer.</summary>
    public async ValueTask<(TResponse? Response, HubStatus Status)> RepeatAsync<TResponse>(
        string method, Func<HttpContent> content, MessageParser<TResponse> parser, CancellationToken cancellationToken)
        where TResponse : class, IMessage<TResponse>
    {
        var retries = new Retries(Connection, method);
        while (true)
        {
            var answer = await CallAsync(method, content, parser, cancellationToken).ConfigureAwait(false);
            if (answer.Message is not null)
                return (answer.Message, HubStatus.Ok);
            if (!await retries.AgainAsync(answer.Status, cancellationToken).ConfigureAwait(false))
                return (null, Outcomes.Of(answer.Status, Connection.Address));
        }
    }

    /// <summary>A write that may be repeated.</summary>
    public async ValueTask<HubStatus> WriteAsync<TResponse>(
        string method, IMessage request, MessageParser<TResponse> parser, CancellationToken cancellationToken)
        where TResponse : class, IMessage<TResponse> => (await RepeatAsync(method, request, parser, cancellationToken).ConfigureAwait(false)).Status;

    /// <summary>A read; null where the hub calls an argument invalid.</summary>
    public ValueTask<TResponse?> ReadAsync<TResponse>(string method, IMessage request, MessageParser<TResponse> parser, CancellationToken cancellationToken)
        where TResponse : class, IMessage<TResponse> => ReadAsync(method, request, parser, HubStatus.Invalid, cancellationToken);

    /// <summary>A read; null where the hub does not know it.</summary>
    public ValueTask<TResponse?> FindAsync<TResponse>(string method, IMessage request, MessageParser<TResponse> parser, CancellationToken cancellationToken)
        where TResponse : class, IMessage<TResponse> => ReadAsync(method, request, parser, HubStatus.NotFound, cancellationToken);

    /// <summary>The hub refused what has no answer for a refusal.</summary>
    public HubException Refused(string method, HubStatus status) => new(status, $"The hub at {Connection.Address} answered {method} with {status}.");

    /// <summary>The hub's answer makes no sense.</summary>
    public HubException Damaged(string method) => new(HubStatus.Corrupt, $"The hub at {Connection.Address} answered {method} with what is no answer to it.");

    private async ValueTask<TResponse?> ReadAsync<TResponse>(
        string method, IMessage request, MessageParser<TResponse> parser, HubStatus none, CancellationToken cancellationToken)
        where TResponse : class, IMessage<TResponse>
    {
        var (response, status) = await RepeatAsync(method, request, parser, cancellationToken).ConfigureAwait(false);
        if (response is null && status != none)
            throw Refused(method, status);
        return response;
    }

    private ReadOnlyMemoryContent Content(IMessage request)
    {
        var bytes = new ArrayBufferWriter<byte>(MessagePrefix.Size + request.CalculateSize());
        MessageWriter.Write(bytes, request, Connection.Options.UseGzip);
        return new ReadOnlyMemoryContent(bytes.WrittenMemory);
    }

    private async ValueTask<MessageRead<TResponse>> CallAsync<TResponse>(
        string method, Func<HttpContent> content, MessageParser<TResponse> parser, CancellationToken cancellationToken)
        where TResponse : class, IMessage<TResponse>
    {
        var (answer, mayLogIn) = await CallOnceAsync(method, content, parser, cancellationToken).ConfigureAwait(false);
        return mayLogIn ? (await CallOnceAsync(method, content, parser, cancellationToken).ConfigureAwait(false)).Answer : answer;
    }

    private async ValueTask<(MessageRead<TResponse> Answer, bool MayLogIn)> CallOnceAsync<TResponse>(
        string method, Func<HttpContent> content, MessageParser<TResponse> parser, CancellationToken cancellationToken)
        where TResponse : class, IMessage<TResponse>
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(Connection.Stopping.IsCancellationRequested, typeof(GrpcHub));
        using var deadline = new CancellationTokenSource(Connection.Options.CallTimeout, Connection.Clock);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token, Connection.Stopping);
        try
        {
            var timeout = Connection.Options.CallTimeout;
            await using var call = await line.StartAsync(method, content(), timeout, ended.Token).ConfigureAwait(false);
            var answer = await call.ReadAsync(parser, ended.Token).ConfigureAwait(false);
            if (answer.Message is null)
                return (answer.IsEnd ? MessageRead<TResponse>.Failed(s_noAnswer) : answer, line.HasLostToken(call, answer.Status));
            var rest = await call.ReadAsync(parser, ended.Token).ConfigureAwait(false);
            return (rest.IsEnd ? answer : MessageRead<TResponse>.Failed(rest.Message is null ? rest.Status : s_noAnswer), false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (MessageRead<TResponse>.Failed(new GrpcStatus(GrpcStatusCode.DeadlineExceeded, "The hub did not answer in time.")), false);
        }
        catch (Exception exception) when (Outcomes.IsLost(exception))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Log.CallLost(Connection.Logger, method, exception.GetType().Name);
            return (MessageRead<TResponse>.Failed(Outcomes.Lost), false);
        }
    }
}
