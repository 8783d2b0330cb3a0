using System.Buffers;
using System.IO.Pipelines;
using AgentFlow.Protocol.Hub;
using AgentFlow.Wire.Statuses;
using Google.Protobuf;

namespace AgentFlow.Wire.Framing;

/// <summary>Reads the messages of one direction of a call. A length is checked before any of its bytes are waited for. One reader at a time.</summary>
/// <remarks>Status codes as the gRPC documentation assigns them: too large is RESOURCE_EXHAUSTED, all other damage INTERNAL.</remarks>
internal sealed class MessageReader(PipeReader pipe, int maxMessageBytes, bool isGzip)
{
    public async ValueTask<MessageRead<T>> ReadAsync<T>(MessageParser<T> parser, CancellationToken cancellationToken)
        where T : class, IMessage<T>
    {
        while (true)
        {
            var result = await pipe.ReadAsync(cancellationToken).ConfigureAwait(false);
            var buffer = result.Buffer;
            if (!MessagePrefix.TryRead(buffer, out var prefix))
            {
                if (result.IsCompleted)
                    return End<T>(buffer);
                pipe.AdvanceTo(buffer.Start, buffer.End);
                continue;
            }

            if (Check(prefix) is { IsOk: false } refused)
                return Fail<T>(buffer, refused);
            long whole = MessagePrefix.Size + (long)prefix.Length;
            if (buffer.Length < whole)
            {
                if (result.IsCompleted)
                    return End<T>(buffer);
                pipe.AdvanceTo(buffer.Start, buffer.End);
                continue;
            }

            var message = Parse(parser, buffer.Slice(MessagePrefix.Size, prefix.Length), prefix.Flag == 1);
            pipe.AdvanceTo(buffer.GetPosition(whole));
            return message;
        }
    }

    private GrpcStatus Check(MessagePrefix prefix)
    {
        if (prefix.Flag > 1)
            return new GrpcStatus(GrpcStatusCode.Internal, "The flag in front of the message is neither 0 nor 1.");
        if (prefix.Flag == 1 && !isGzip)
            return new GrpcStatus(GrpcStatusCode.Internal, "The message is compressed, but grpc-encoding names no compression.");
        return prefix.Length > maxMessageBytes ? GrpcStatus.Refused(HubStatus.TooLarge) : GrpcStatus.Ok;
    }

    private MessageRead<T> Parse<T>(MessageParser<T> parser, ReadOnlySequence<byte> bytes, bool isCompressed)
        where T : class, IMessage<T>
    {
        if (isCompressed)
        {
            var plain = new ArrayBufferWriter<byte>();
            if (Gzip.Decompress(bytes, maxMessageBytes, plain) is { IsOk: false } refused)
                return MessageRead<T>.Failed(refused);
            bytes = new ReadOnlySequence<byte>(plain.WrittenMemory);
        }

        try
        {
            return new MessageRead<T>(parser.ParseFrom(bytes), GrpcStatus.Ok);
        }
        catch (InvalidProtocolBufferException)
        {
            return MessageRead<T>.Failed(new GrpcStatus(GrpcStatusCode.Internal, "The message is not the protobuf message that the method takes."));
        }
    }

    private MessageRead<T> End<T>(ReadOnlySequence<byte> rest)
        where T : class
    {
        if (rest.IsEmpty)
        {
            pipe.AdvanceTo(rest.End);
            return MessageRead<T>.End;
        }

        return Fail<T>(rest, new GrpcStatus(GrpcStatusCode.Internal, "The stream ends inside a message."));
    }

    private MessageRead<T> Fail<T>(ReadOnlySequence<byte> buffer, GrpcStatus status)
        where T : class
    {
        pipe.AdvanceTo(buffer.End);
        return MessageRead<T>.Failed(status);
    }
}
