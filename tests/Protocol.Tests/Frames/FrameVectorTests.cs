using System.Text.Json;
using AgentFlow.Protocol.Approvals;
using AgentFlow.Protocol.Buffers;
using AgentFlow.Protocol.Crypto;
using AgentFlow.Protocol.Frames;
using AgentFlow.Protocol.Tests.Vectors;

namespace AgentFlow.Protocol.Tests.Frames;

public sealed class FrameVectorTests
{
    [Fact]
    public void Contract_ids_schema_and_catalogue_agree_with_the_second_implementation()
    {
        var contracts = Af1Vectors.Root.GetProperty("contracts");
        foreach (var contract in contracts.GetProperty("contractIds").EnumerateArray())
            Assert.Equal(contract.Text("contractId"), ContractIds.Of(contract.Text("name")).ToString());
        var schema = contracts.GetProperty("schema");
        Assert.Equal(schema.Hash("schemaHash"), SchemaHash.Of(schema.Text("text")));
        var catalogue = contracts.GetProperty("catalogue");
        var entries = catalogue.GetProperty("entries").EnumerateArray().Select(e => new CatalogueEntry(
            ContractId.Read(e.Hex("contractId")), (ushort)e.Int("major"), (ushort)e.Int("minor"), (FrameCodec)e.Int("codec"), e.Hash("schemaHash")));
        Assert.Equal(catalogue.Hash("catalogueHash"), Catalogue.Hash(entries));
        Assert.Equal(catalogue.Hash("emptyHash"), Catalogue.Hash([]));
    }

    [Fact]
    public void Frames_agree_with_the_second_implementation()
    {
        foreach (var sample in Af1Vectors.Root.GetProperty("frames").EnumerateArray())
        {
            byte[] bytes = sample.Hex("frame");
            Assert.True(Frame.TryRead(bytes, out var frame, out _));
            Assert.Equal(bytes, frame.Bytes.ToArray());
            Assert.Equal(sample.Hex("payload"), frame.Payload.ToArray());
            Assert.Equal(sample.Hex("extensionBlock"), frame.Extensions.Bytes.ToArray());
            byte[] header = new byte[FrameHeader.Size];
            frame.Header.Write(header);
            Assert.Equal(sample.Hex("header"), header);
            Assert.Equal(sample.Hash("schemaHash"), frame.Header.SchemaHash);
            Assert.Equal(sample.Hash("subject"), ApprovalDigest.Compute(frame));
            foreach (var extension in sample.GetProperty("extensions").EnumerateArray())
            {
                Assert.True(frame.Extensions.TryGet((ExtensionType)extension.Int("type"), out var value));
                Assert.Equal(extension.Hex("bytes"), value.ToArray());
            }

            AssertKnownExtensionsAreWrittenAlike(sample, frame);
        }
    }

    [Fact]
    public void Padded_lengths_agree_with_the_second_implementation()
    {
        foreach (var sample in Af1Vectors.Root.GetProperty("padding").EnumerateArray())
            Assert.Equal(sample.Int("padded"), Padding.PaddedLength(sample.Int("length")));
    }

    [Fact]
    public void Plaintexts_agree_with_the_second_implementation()
    {
        foreach (var sample in Af1Vectors.Root.GetProperty("plaintexts").EnumerateArray())
        {
            using var buffer = new PooledBuffer();
            var writer = new PlaintextWriter(buffer);
            int length = sample.Int("length");
            if (length > 2)
            {
                byte[] payload = [.. Enumerable.Range(0, length - 2 - FrameHeader.Size).Select(i => (byte)(i & 255))];
                var header = new FrameHeader { Contract = ContractIds.Of("release.built"), Major = 1, Codec = FrameCodec.Raw, SchemaHash = default };
                writer.WriteFrame(header, payload);
            }

            writer.Finish();
            var plaintext = buffer.WrittenSpan[PlaintextWriter.HeaderSpace..];
            if (sample.TryGetProperty("plaintext", out _))
                Assert.Equal(sample.Hex("plaintext"), plaintext.ToArray());
            else
                Assert.Equal((sample.Int("paddedLength"), sample.Hash("hash")), (plaintext.Length, AfHash.Hash(Labels.FileHash, plaintext)));
            Assert.True(PlaintextReader.TryParse(plaintext, isHeartbeat: length == 2, isMultiFrame: false, out _, out _));
        }
    }

    [Fact]
    public void Plaintexts_that_the_second_implementation_refuses_are_refused()
    {
        foreach (var sample in Af1Vectors.Root.GetProperty("refusedPlaintexts").EnumerateArray())
        {
            bool isMultiFrame = sample.GetProperty("multiFrame").GetBoolean();
            Assert.False(PlaintextReader.TryParse(sample.Hex("plaintext"), false, isMultiFrame, out _, out var error), sample.Text("name"));
            Assert.NotEqual(ProtocolError.None, error);
        }
    }

    private static void AssertKnownExtensionsAreWrittenAlike(JsonElement sample, in Frame frame)
    {
        using var buffer = new PooledBuffer();
        int length = new FrameExtensions
        {
            TraceParent = frame.Extensions.TraceParent,
            Baggage = frame.Extensions.Baggage,
            CausationId = frame.Extensions.CausationId,
            Salt = frame.Extensions.Salt,
            Target = frame.Extensions.Target,
            ContentSubject = frame.Extensions.ContentSubject,
        }.WriteTo(buffer);
        Assert.Equal(sample.Hex("extensionBlock")[..length], buffer.WrittenSpan.ToArray());
    }
}
