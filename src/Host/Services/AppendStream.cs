using AgentFlow.Host.Calls;
using AgentFlow.Host.Limits;
using AgentFlow.Protocol.Hub;
using AgentFlow.Wire.Framing;
using AgentFlow.Wire.Messages;
using AgentFlow.Wire.Statuses;
using AgentFlow.Wire.Values;

namespace AgentFlow.Host.Services;

/// <summary>
/// Pipelined appends: each is handed to the hub in the order in which it comes, none waits for the commit of the one before it. An append that has begun
/// is finished, whatever becomes of the stream.
/// </summary>
internal sealed class AppendStream(IHub hub, ServerCall call, CallLimits limits, CallFaults faults)
{
    private readonly MessageQueue _answers = new();
    private readonly AppendWindow _window = new();

    public async ValueTask<GrpcStatus> RunAsync()
    {
        await call.StartAsync().ConfigureAwait(false);
        var pump = _answers.PumpAsync(call.Output, call.IsGzip, CancellationToken.None);
        try
        {
            return await ReadAsync().ConfigureAwait(false);
        }
        finally
        {
            await _window.EmptyAsync().ConfigureAwait(false);
            _answers.Complete();
            await pump.ConfigureAwait(false);
        }
    }

    private async ValueTask<GrpcStatus> ReadAsync()
    {
        while (true)
        {
            var request = await call.ReadAsync(AppendStreamRequest.Parser).ConfigureAwait(false);
            if (request.Message is null)
                return request.Status;
            if (request.Message.Append is not { } append || !append.Thread.TryRead(out ThreadId thread) || !append.MessageId.TryRead(out MessageId messageId))
                return GrpcStatus.InvalidArgument("Not the bytes of an id: thread or message_id.");
            if (call.Caller is { } caller && await limits.WaitAsync(caller.Agent, call.Cancelled).ConfigureAwait(false) is { } refused)
                return refused;
            await _window.EnterAsync(append.Envelope.Length).ConfigureAwait(false);
            _ = AppendAsync(request.Message.Number, thread, messageId, append.Envelope.Memory);
        }
    }

    private async Task AppendAsync(ulong number, ThreadId thread, MessageId messageId, ReadOnlyMemory<byte> envelope)
    {
        var answer = new AppendStreamResponse { Number = number };
        try
        {
            var result = await hub.AppendAsync(thread, messageId, envelope, CancellationToken.None).ConfigureAwait(false);
            if (result.IsAccepted)
                answer.Appended = new AppendResponse { Position = result.Position, IsDuplicate = result.Status == AppendStatus.Duplicate };
            else
                answer.Refusal = (Refusal)result.Refusal;
        }
        catch (Exception exception)
        {
            // The outcome is unknown, and that is an answer.
            faults.StatusOf(exception, "AppendStream", isAborted: false);
            answer.Refusal = Refusal.Unavailable;
        }

        _answers.TryAdd(answer);
        _window.Leave(envelope.Length);
    }
}
