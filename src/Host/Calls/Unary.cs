using AgentFlow.Wire.Framing;
using AgentFlow.Wire.Statuses;
using Google.Protobuf;

namespace AgentFlow.Host.Calls;

/// <summary>Methods that take exactly one message.</summary>
internal static class Unary
{
    public static GrpcMethod Method<TRequest>(
        string service, string name, MessageParser<TRequest> parser, Func<TRequest, ServerCall, ValueTask<Reply>> answer)
        where TRequest : class, IMessage<TRequest> => new(service, name, call => RunAsync(call, parser, answer));

    /// <summary>Reads the one message of a call.</summary>
    public static async ValueTask<MessageRead<TRequest>> ReadOnlyAsync<TRequest>(ServerCall call, MessageParser<TRequest> parser)
        where TRequest : class, IMessage<TRequest>
    {
        var request = await call.ReadAsync(parser).ConfigureAwait(false);
        if (request.IsEnd)
            return MessageRead<TRequest>.Failed(WrongCount("none"));
        if (request.Message is null)
            return request;
        var rest = await call.ReadAsync(parser).ConfigureAwait(false);
        if (rest.IsEnd)
            return request;
        return MessageRead<TRequest>.Failed(rest.Message is null ? rest.Status : WrongCount("more"));
    }

    private static async ValueTask<GrpcStatus> RunAsync<TRequest>(
        ServerCall call, MessageParser<TRequest> parser, Func<TRequest, ServerCall, ValueTask<Reply>> answer)
        where TRequest : class, IMessage<TRequest>
    {
        var request = await ReadOnlyAsync(call, parser).ConfigureAwait(false);
        if (request.Message is null)
            return request.Status;
        var reply = await answer(request.Message, call).ConfigureAwait(false);
        if (reply.Message is not null)
            call.Write(reply.Message);
        return reply.Status;
    }

    private static GrpcStatus WrongCount(string came) => new(GrpcStatusCode.Unimplemented, $"The method takes one message, and {came} came.");
}
