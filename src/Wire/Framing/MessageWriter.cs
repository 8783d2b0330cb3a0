using System.Buffers;
using Google.Protobuf;

namespace AgentFlow.Wire.Framing;

/// <summary>Writes length-prefixed messages.</summary>
internal static class MessageWriter
{
    /// <summary>Writes one message, serialized in place; compressed where that is wanted and makes it smaller.</summary>
    public static void Write(IBufferWriter<byte> output, IMessage message, bool isGzip)
    {
        int length = message.CalculateSize();
        if (isGzip && TryWriteCompressed(output, message, length))
            return;
        var span = output.GetSpan(MessagePrefix.Size + length);
        MessagePrefix.Write(span, isCompressed: false, length);
        message.WriteTo(span.Slice(MessagePrefix.Size, length));
        output.Advance(MessagePrefix.Size + length);
    }

    private static bool TryWriteCompressed(IBufferWriter<byte> output, IMessage message, int length)
    {
        byte[] plain = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            message.WriteTo(plain.AsSpan(0, length));
            if (Gzip.Compress(plain.AsSpan(0, length)) is not { } compressed)
                return false;
            var span = output.GetSpan(MessagePrefix.Size + compressed.Length);
            MessagePrefix.Write(span, isCompressed: true, compressed.Length);
            compressed.CopyTo(span[MessagePrefix.Size..]);
            output.Advance(MessagePrefix.Size + compressed.Length);
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(plain);
        }
    }
}
