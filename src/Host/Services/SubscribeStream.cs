using AgentFlow.Host.Calls;
using AgentFlow.Protocol.Hub;
using AgentFlow.Wire.Messages;
using AgentFlow.Wire.Statuses;
using AgentFlow.Wire.Values;

namespace AgentFlow.Host.Services;

/// <summary>One subscription: an envelope per credit, and none is read from the store for a caller that has none left.</summary>
internal sealed class SubscribeStream(IHub hub, ServerCall call)
{
    private GrpcStatus _granting = GrpcStatus.Ok;

    public async ValueTask<GrpcStatus> RunAsync()
    {
        var first = await call.ReadAsync(SubscribeRequest.Parser).ConfigureAwait(false);
        if (first.Message is null && !first.IsEnd)
            return first.Status;
        if (first.Message?.Open is not { } open || !open.Agent.TryRead(out AgentId agent) || !TryRead(open.Resume, out var resume))
            return GrpcStatus.InvalidArgument("The first message is no Open with the bytes of ids in it.");
        if (open.Credit is < 1 or > HubArguments.MaxCredit)
            return GrpcStatus.InvalidArgument($"credit is not from 1 to {HubArguments.MaxCredit}.");
        await call.StartAsync().ConfigureAwait(false);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(call.Cancelled);
        var credit = new Credit(open.Credit);
        var granting = GrantAsync(credit, stop);
        try
        {
            await DeliverAsync(hub.SubscribeAsync(agent, resume, open.Credit, stop.Token), credit, stop.Token).ConfigureAwait(false);
            return GrpcStatus.Ok;
        }
        catch (OperationCanceledException) when (!_granting.IsOk)
        {
            return _granting;
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await granting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static bool TryRead(IEnumerable<SubscribeRequest.Types.Cursor> cursors, out Dictionary<ThreadId, long> resume)
    {
        resume = [];
        foreach (var cursor in cursors)
        {
            if (!cursor.Thread.TryRead(out ThreadId thread) || cursor.Position < 0)
                return false;
            resume[thread] = cursor.Position;
        }

        return true;
    }

    private async Task DeliverAsync(IAsyncEnumerable<Delivery> news, Credit credit, CancellationToken cancellationToken)
    {
        await using var deliveries = news.GetAsyncEnumerator(cancellationToken);
        bool isFlushed = true;
        while (true)
        {
            var taking = credit.TakeAsync(cancellationToken);
            if (!isFlushed && !taking.IsCompleted)
                await FlushAsync().ConfigureAwait(false);
            if (!await taking.ConfigureAwait(false))
                return;
            var next = deliveries.MoveNextAsync();
            // What is at hand goes out together; nobody waits for what is not there yet.
            if (!isFlushed && !next.IsCompleted)
                await FlushAsync().ConfigureAwait(false);
            if (!await next.ConfigureAwait(false))
                return;
            call.Write(new SubscribeResponse { Thread = deliveries.Current.Thread.ToWire(), Envelope = deliveries.Current.Envelope.ToWire() });
            isFlushed = false;
        }

        async ValueTask FlushAsync()
        {
            await call.FlushAsync().ConfigureAwait(false);
            isFlushed = true;
        }
    }

    private async Task GrantAsync(Credit credit, CancellationTokenSource stop)
    {
        while (true)
        {
            // A subscription that ended by itself is not held open by a caller that says nothing more.
            var request = await call.ReadAsync(SubscribeRequest.Parser, stop.Token).ConfigureAwait(false);
            if (request.IsEnd)
            {
                credit.Complete();
                return;
            }

            if (request.Message?.Grant is { } grant && credit.TryAdd(grant.Credit))
                continue;
            _granting = request.Message is null
                ? request.Status
                : GrpcStatus.InvalidArgument($"A message after the first grants at least 1, and no more than {HubArguments.MaxCredit} may stand unused.");
            await stop.CancelAsync().ConfigureAwait(false);
            return;
        }
    }
}
