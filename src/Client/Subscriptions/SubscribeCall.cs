using System.Threading.Channels;
using AgentFlow.Client.Transport;
using AgentFlow.Protocol.Hub;
using AgentFlow.Wire.Framing;
using AgentFlow.Wire.Messages;
using AgentFlow.Wire.Statuses;
using AgentFlow.Wire.Values;

namespace AgentFlow.Client.Subscriptions;

/// <summary>One stream of deliveries. It is read as fast as it comes, which the credit bounds, so that a slow consumer never stops the connection.</summary>
internal sealed class SubscribeCall : IAsyncDisposable
{
    private static readonly GrpcStatus s_damaged = new(GrpcStatusCode.Internal, "The hub sent what is no delivery, or more than the credit.");
    private readonly HubLine _line;
    private readonly int _credit;
    private readonly MessageQueue _requests = new();
    private readonly Channel<Delivery> _deliveries =
        Channel.CreateUnbounded<Delivery>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private readonly CancellationTokenSource _stop;
    private readonly Task _reading;
    private int _outstanding;
    private int _consumed;

    public SubscribeCall(HubLine line, AgentId agent, Cursors cursors, int credit, CancellationToken cancellationToken)
    {
        (_line, _credit) = (line, credit);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var open = new SubscribeRequest.Types.Open { Agent = agent.ToWire(), Credit = credit };
        open.Resume.AddRange(cursors.ToWire());
        _requests.TryAdd(new SubscribeRequest { Open = open });
        _reading = Task.Run(ReadAsync, CancellationToken.None);
    }

    /// <summary>How the stream ended; read it after <see cref="NextAsync"/> gave null.</summary>
    public GrpcStatus Status { get; private set; } = Outcomes.Lost;

    /// <summary>Whether it ended with its token, so that it goes on with a new one; read it after <see cref="NextAsync"/> gave null.</summary>
    public bool TokenHasEnded { get; private set; }

    /// <summary>The next delivery, or null where the stream has ended.</summary>
    public async ValueTask<Delivery?> NextAsync()
    {
        while (await _deliveries.Reader.WaitToReadAsync(_stop.Token).ConfigureAwait(false))
        {
            if (_deliveries.Reader.TryRead(out var delivery))
                return delivery;
        }

        return null;
    }

    /// <summary>The consumer is done with one delivery. Credit goes back in halves, so that the hub never runs dry and is not asked for each.</summary>
    public void Consumed()
    {
        if (++_consumed < Math.Max(1, _credit / 2))
            return;
        Interlocked.Add(ref _outstanding, -_consumed);
        _requests.TryAdd(new SubscribeRequest { Grant = new SubscribeRequest.Types.Grant { Credit = _consumed } });
        _consumed = 0;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _requests.Complete();
        await _reading.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task ReadAsync()
    {
        try
        {
            var content = new MessageContent((pipe, stop) => _requests.PumpAsync(pipe, _line.Connection.Options.UseGzip, stop));
            await using var call = await _line.StartAsync("Subscribe", content, null, _stop.Token).ConfigureAwait(false);
            Status = await ReadAsync(call).ConfigureAwait(false);
            TokenHasEnded = _line.HasLostToken(call, Status);
        }
        catch (Exception exception) when (exception is OperationCanceledException || Outcomes.IsLost(exception))
        {
            Status = Outcomes.Lost;
        }
        finally
        {
            _deliveries.Writer.TryComplete();
        }
    }

    private async ValueTask<GrpcStatus> ReadAsync(ClientCall call)
    {
        while (true)
        {
            var read = await call.ReadAsync(SubscribeResponse.Parser, _stop.Token).ConfigureAwait(false);
            if (read.Message is null)
                return read.Status;
            bool isDelivery = read.Message.Thread.TryRead(out ThreadId thread);
            if (!read.Message.Envelope.TryRead(out var envelope) || !isDelivery || Interlocked.Increment(ref _outstanding) > _credit)
                return s_damaged;
            _deliveries.Writer.TryWrite(new Delivery(thread, envelope!));
        }
    }
}
