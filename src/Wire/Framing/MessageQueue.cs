using System.IO.Pipelines;
using System.Threading.Channels;
using Google.Protobuf;

namespace AgentFlow.Wire.Framing;

/// <summary>Messages of many callers for one direction of a stream: one pump writes whatever waits and flushes once.</summary>
internal sealed class MessageQueue
{
    private const int FlushAfter = 64 * 1024;
    private readonly Channel<IMessage> _messages = Channel.CreateUnbounded<IMessage>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Adds a message; false after the end.</summary>
    public bool TryAdd(IMessage message) => _messages.Writer.TryWrite(message);

    /// <summary>No more messages come; the pump writes what waits and returns.</summary>
    public void Complete() => _messages.Writer.TryComplete();

    /// <summary>Writes until the end of the queue or until nobody reads.</summary>
    public async Task PumpAsync(PipeWriter output, bool isGzip, CancellationToken cancellationToken)
    {
        while (await _messages.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            long unflushed = 0;
            while (unflushed < FlushAfter && _messages.Reader.TryRead(out var message))
            {
                unflushed += message.CalculateSize();
                MessageWriter.Write(output, message, isGzip);
            }

            var flushed = await output.FlushAsync(cancellationToken).ConfigureAwait(false);
            if (flushed.IsCompleted)
                return;
        }
    }
}
