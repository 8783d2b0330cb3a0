using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using AgentFlow.Protocol.Hub;
using AgentFlow.Wire.Framing;
using AgentFlow.Wire.Messages;
using AgentFlow.Wire.Statuses;

namespace AgentFlow.Host.Tests.Wire;

/// <summary>The bytes of messages on a stream.</summary>
public sealed class FramingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void A_message_is_a_zero_its_length_big_endian_and_its_bytes()
    {
        var output = new ArrayBufferWriter<byte>();
        MessageWriter.Write(output, new ResolveNameRequest { Name = "alice" }, isGzip: false);
        MessageWriter.Write(output, new ResolveNameRequest(), isGzip: false);

        Assert.Equal("00000000070a05616c696365" + "0000000000", Convert.ToHexStringLower(output.WrittenSpan));
    }

    [Fact]
    public async Task Messages_that_arrive_byte_by_byte_are_read_whole()
    {
        var pipe = new Pipe();
        var reader = new MessageReader(pipe.Reader, 100, isGzip: false);
        var first = reader.ReadAsync(ResolveNameRequest.Parser, Token).AsTask();
        foreach (byte b in Convert.FromHexString("00000000070a05616c6963650000000000"))
        {
            pipe.Writer.GetSpan(1)[0] = b;
            pipe.Writer.Advance(1);
            await pipe.Writer.FlushAsync(Token);
        }

        await pipe.Writer.CompleteAsync();
        Assert.Equal("alice", (await first).Message!.Name);
        Assert.Equal("", (await reader.ReadAsync(ResolveNameRequest.Parser, Token)).Message!.Name);
        Assert.True((await reader.ReadAsync(ResolveNameRequest.Parser, Token)).IsEnd);
    }

    [Theory]
    [InlineData("00", "INTERNAL: The stream ends inside a message.")]
    [InlineData("0000000007", "INTERNAL: The stream ends inside a message.")]
    [InlineData("00000000070a05616c6963", "INTERNAL: The stream ends inside a message.")]
    [InlineData("00ffffffff", "RESOURCEEXHAUSTED: The message, envelope or blob exceeds its limit.")]
    [InlineData("0000000065", "RESOURCEEXHAUSTED: The message, envelope or blob exceeds its limit.")]
    [InlineData("02000000070a05616c696365", "INTERNAL: The flag in front of the message is neither 0 nor 1.")]
    [InlineData("01000000070a05616c696365", "INTERNAL: The message is compressed, but grpc-encoding names no compression.")]
    [InlineData("00000000070aff616c696365", "INTERNAL: The message is not the protobuf message that the method takes.")]
    public async Task Bytes_that_are_no_message_are_a_status(string bytes, string expected)
    {
        var reader = Reader(Convert.FromHexString(bytes), isGzip: false);
        var status = (await reader.ReadAsync(ResolveNameRequest.Parser, Token)).Status;

        Assert.Equal(expected, $"{status.Code.ToString().ToUpperInvariant()}: {status.Message}");
    }

    [Fact]
    public async Task A_compressed_message_comes_back_whole_and_one_that_does_not_shrink_is_sent_as_it_is()
    {
        var output = new ArrayBufferWriter<byte>();
        MessageWriter.Write(output, new ResolveNameRequest { Name = new string('a', 90) }, isGzip: true);
        int first = output.WrittenCount;
        MessageWriter.Write(output, new ResolveNameRequest { Name = "ab" }, isGzip: true);
        var reader = Reader(output.WrittenSpan.ToArray(), isGzip: true);

        Assert.Equal(1, output.WrittenSpan[0]);
        Assert.Equal(0, output.WrittenSpan[first]);
        Assert.Equal(new string('a', 90), (await reader.ReadAsync(ResolveNameRequest.Parser, Token)).Message!.Name);
        Assert.Equal("ab", (await reader.ReadAsync(ResolveNameRequest.Parser, Token)).Message!.Name);
    }

    [Fact]
    public async Task A_small_message_does_not_become_a_large_one()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        var status = (await Reader(Compressed(Zip(new byte[50 << 20])), isGzip: true, maxBytes: 1 << 20).ReadAsync(ResolveNameRequest.Parser, Token)).Status;

        Assert.Equal(HubStatus.TooLarge, status.Refusal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 60 << 20, "It was inflated as a whole.");
    }

    [Fact]
    public async Task Damaged_gzip_is_a_status()
    {
        byte[] good = Zip(Convert.FromHexString("0a05616c696365"));
        Assert.Equal("alice", (await Reader(Compressed(good), isGzip: true).ReadAsync(ResolveNameRequest.Parser, Token)).Message!.Name);
        for (int length = 0; length < good.Length; length++)
        {
            var read = await Reader(Compressed(good[..length]), isGzip: true).ReadAsync(ResolveNameRequest.Parser, Token);
            Assert.Equal(GrpcStatusCode.Internal, read.Status.Code);
        }

        for (int i = 10; i < good.Length; i++)
        {
            byte[] bad = [.. good];
            bad[i] ^= 0x41;
            var read = await Reader(Compressed(bad), isGzip: true).ReadAsync(ResolveNameRequest.Parser, Token);
            Assert.True(read.Message is null, $"byte {i}");
        }
    }

    private static byte[] Zip(byte[] bytes)
    {
        var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(bytes);
        return output.ToArray();
    }

    private static byte[] Compressed(byte[] bytes)
    {
        byte[] frame = new byte[MessagePrefix.Size + bytes.Length];
        MessagePrefix.Write(frame, isCompressed: true, bytes.Length);
        bytes.CopyTo(frame, MessagePrefix.Size);
        return frame;
    }

    private static MessageReader Reader(byte[] bytes, bool isGzip, int maxBytes = 100) =>
        new(PipeReader.Create(new ReadOnlySequence<byte>(bytes)), maxBytes, isGzip);
}
