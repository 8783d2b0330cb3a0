using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using AgentFlow.Protocol.Hub;
using AgentFlow.Wire.Statuses;

namespace AgentFlow.Wire.Framing;

/// <summary>gzip (RFC 1952) of one message; what comes out has a bound, so that a small message cannot become a large one.</summary>
internal static class Gzip
{
    private const int SmallestFile = 18;
    private const int FirstBuffer = 4096;

    /// <summary>Compresses; null where that does not make it smaller.</summary>
    public static byte[]? Compress(ReadOnlySpan<byte> message)
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(message);
        return compressed.Length < message.Length ? compressed.ToArray() : null;
    }

    /// <summary>Decompresses to at most <paramref name="maxBytes"/>.</summary>
    public static GrpcStatus Decompress(ReadOnlySequence<byte> compressed, int maxBytes, ArrayBufferWriter<byte> output)
    {
        if (compressed.Length < SmallestFile)
            return Damaged();
        byte[] input = ArrayPool<byte>.Shared.Rent((int)compressed.Length);
        try
        {
            compressed.CopyTo(input);
            int length = (int)compressed.Length;
            using var gzip = new GZipStream(new MemoryStream(input, 0, length, writable: false), CompressionMode.Decompress);
            while (true)
            {
                var span = output.GetSpan(FirstBuffer);
                int read = gzip.Read(span[..Math.Min(span.Length, maxBytes - output.WrittenCount + 1)]);
                if (read == 0)
                    break;
                output.Advance(read);
                if (output.WrittenCount > maxBytes)
                    return GrpcStatus.Refused(HubStatus.TooLarge);
            }

            // The stream ends quietly where the file is cut off: the size at its end tells.
            bool isWhole = BinaryPrimitives.ReadUInt32LittleEndian(input.AsSpan(length - 4, 4)) == (uint)output.WrittenCount;
            return isWhole ? GrpcStatus.Ok : Damaged();
        }
        catch (InvalidDataException)
        {
            return Damaged();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(input);
        }
    }

    private static GrpcStatus Damaged() => new(GrpcStatusCode.Internal, "The message is no gzip data.");
}
