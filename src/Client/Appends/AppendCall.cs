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
    private readonly HubConnection _connection;
    private readonly MessageQueue _requests = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, TaskCompletionSource<AppendResult>> _waiting = [];
    private ulong _number;
    private bool _hasEnded;

    public AppendCall(HubConnection connection)
    {
        _connection = connection;
        Ended = Task.Run(RunAsync);
    }

    public Task Ended { get; }

    /// <summary>The answer to come, or null where the stream has ended.</summary>
    public Task<AppendResult>? TryAdd(AppendRequest append)
    {
        lock (_gate)
        {
            if (_hasEnded)
                return null;
            var answer = new TaskCompletionSource<AppendResult>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add(++_number, answer);
            _requests.TryAdd(new AppendStreamRequest { Number = _number, Append = append });
            return answer.Task;
        }
    }

    private async Task RunAsync()
    {
        var status = Outcomes.Lost;
        try
        {
            var content = new MessageContent((pipe, cancellationToken) => _requests.PumpAsync(pipe, _connection.Options.UseGzip, cancellationToken));
            await using var call = await ClientCall.StartAsync(_connection, "AppendStream", content, null, _connection.Stopping).ConfigureAwait(false);
            status = await ReadAsync(call).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException || Outcomes.IsLost(exception))
        {
            status = Outcomes.Lost;
        }
        finally
        {
            End(status);
        }
    }

    private async ValueTask<GrpcStatus> ReadAsync(ClientCall call)
    {
        while (true)
        {
            var answer = await call.ReadAsync(AppendStreamResponse.Parser, _connection.Stopping).ConfigureAwait(false);
            if (answer.Message is null)
                return answer.Status;
            lock (_gate)
            {
                if (_waiting.Remove(answer.Message.Number, out var waiting))
                    waiting.SetResult(Result(answer.Message));
            }
        }
    }

    private static AppendResult Result(AppendStreamResponse answer) => answer.OutcomeCase switch
    {
        AppendStreamResponse.OutcomeOneofCase.Appended => WireEnvelopes.ToResult(answer.Appended.Position, answer.Appended.IsDuplicate),
        AppendStreamResponse.OutcomeOneofCase.Refusal when answer.Refusal is > Refusal.Unspecified and <= Refusal.NotFound =>
            AppendResult.Refused((HubStatus)answer.Refusal),
        _ => AppendResult.Refused(HubStatus.Unavailable),
    };

    private void End(GrpcStatus status)
    {
        List<TaskCompletionSource<AppendResult>> waiting;
        lock (_gate)
        {
            _hasEnded = true;
            waiting = [.. _waiting.Values];
            _waiting.Clear();
        }

        _requests.Complete();
        if (waiting.Count > 0)
            Log.AppendsLost(_connection.Logger, status.Code, waiting.Count);
        foreach (var answer in waiting)
        {
            if (status.IsOk || Outcomes.IsTransient(status))
                answer.SetResult(AppendResult.Refused(HubStatus.Unavailable));
            else
                answer.SetException(Outcomes.Refused(status, _connection.Address));
        }
    }
}
