using AgentFlow.Client.Diagnostics;
using AgentFlow.Client.Transport;
using AgentFlow.Protocol.Hub;
using AgentFlow.Wire.Framing;
using AgentFlow.Wire.Messages;
using AgentFlow.Wire.Statuses;
using AgentFlow.Wire.Values;

namespace AgentFlow.Client.Appends;

/// <summary>One stream of appends, until it breaks.</summary>
internal sealed class AppendCall
{
    private readonly HubLine _line;
    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, Pending> _waiting = [];
    private MessageQueue _requests = new();
    private ulong _number;
    private bool _hasEnded;
    private CallToken? _token;

    public AppendCall(HubLine line)
    {
        _line = line;
        Ended = Task.Run(RunAsync);
    }

    public Task Ended { get; }

    /// <summary>The answer to come, or null where the stream has ended.</summary>
    public Task<AppendResult>? TryAdd(AppendRequest append)
    {
        lock (_gate)
        {
            if (_hasEnded || EndsBeforeItsToken())
                return null;
            var answer = new TaskCompletionSource<AppendResult>(TaskCreationOptions.RunContinuationsAsynchronously);
            var request = new AppendStreamRequest { Number = ++_number, Append = append };
            _waiting.Add(_number, new Pending(request, answer));
            _requests.TryAdd(request);
            return answer.Task;
        }
    }

    private async Task RunAsync()
    {
        var (status, isUntouched) = await StreamAsync(_requests).ConfigureAwait(false);
        if (isUntouched)
            (status, _) = await StreamAsync(Again()).ConfigureAwait(false);
        End(status);
    }

    /// <summary>Runs the stream. Untouched is one whose token the hub did not take, so that it has read none of it.</summary>
    private async Task<(GrpcStatus Status, bool IsUntouched)> StreamAsync(MessageQueue requests)
    {
        try
        {
            var content = new MessageContent((pipe, cancellationToken) => requests.PumpAsync(pipe, _line.Connection.Options.UseGzip, cancellationToken));
            await using var call = await _line.StartAsync("AppendStream", content, null, _line.Connection.Stopping).ConfigureAwait(false);
            lock (_gate)
                _token = call.Token;
            var status = await ReadAsync(call).ConfigureAwait(false);
            // Where the hub has read some of it, what it did not answer is repeated by its sender.
            return _line.HasLostToken(call, status) ? (Outcomes.Lost, call.HasEndedEarly) : (status, false);
        }
        catch (Exception exception) when (exception is OperationCanceledException || Outcomes.IsLost(exception))
        {
            return (Outcomes.Lost, false);
        }
    }

    /// <summary>A queue of all that has no answer, in its order.</summary>
    private MessageQueue Again()
    {
        lock (_gate)
        {
            _requests.Complete();
            _requests = new MessageQueue();
            foreach (var (_, pending) in _waiting.OrderBy(pair => pair.Key))
                _requests.TryAdd(pending.Request);
            return _requests;
        }
    }

    /// <summary>A stream that is idle while its token is about to end makes room for one with a new token, so that no append meets the end.</summary>
    private bool EndsBeforeItsToken()
    {
        if (_waiting.Count > 0 || _token?.IsDue(_line.Connection.Clock) != true)
            return false;
        _hasEnded = true;
        _requests.Complete();
        return true;
    }

    private async ValueTask<GrpcStatus> ReadAsync(ClientCall call)
    {
        while (true)
        {
            var answer = await call.ReadAsync(AppendStreamResponse.Parser, _line.Connection.Stopping).ConfigureAwait(false);
            if (answer.Message is null)
                return answer.Status;
            lock (_gate)
            {
                if (_waiting.Remove(answer.Message.Number, out var waiting))
                    waiting.Answer.SetResult(Result(answer.Message));
            }
        }
    }

    private static AppendResult Result(AppendStreamResponse answer) => answer.OutcomeCase switch
    {
        AppendStreamResponse.OutcomeOneofCase.Appended => WireEnvelopes.ToResult(answer.Appended.Position, answer.Appended.IsDuplicate),
        AppendStreamResponse.OutcomeOneofCase.Refusal when answer.Refusal is > Refusal.Unspecified and <= Refusal.Denied =>
            AppendResult.Refused((HubStatus)answer.Refusal),
        _ => AppendResult.Refused(HubStatus.Unavailable),
    };

    private void End(GrpcStatus status)
    {
        List<Pending> waiting;
        lock (_gate)
        {
            _hasEnded = true;
            waiting = [.. _waiting.Values];
            _waiting.Clear();
        }

        _requests.Complete();
        if (waiting.Count > 0)
            Log.AppendsLost(_line.Connection.Logger, status.Code, waiting.Count);
        foreach (var (_, answer) in waiting)
        {
            if (status.IsOk || Outcomes.IsTransient(status))
                answer.SetResult(AppendResult.Refused(HubStatus.Unavailable));
            else
                answer.SetException(Outcomes.Refused(status, _line.Connection.Address));
        }
    }

    private sealed record Pending(AppendStreamRequest Request, TaskCompletionSource<AppendResult> Answer);
}
