using System.Text.Json;
using AgentFlow.Protocol.Crypto;
using AgentFlow.Protocol.Envelopes;

namespace AgentFlow.Protocol.Tests.Vectors;

public sealed class EnvelopeVectorTests
{
    [Fact]
    public void Batches_of_1_to_256_are_signed_and_verified_alike()
    {
        var batch = Af1Vectors.Root.GetProperty("batch");
        using var device = SigningKey.FromSeed(batch.Hex("deviceSeed"));
        foreach (var sample in batch.GetProperty("samples").EnumerateArray())
        {
            Bytes32[] digests = [.. sample.GetProperty("E").EnumerateArray().Select(e => new Bytes32(Convert.FromHexString(e.GetString()!)))];
            var signature = BatchSignature.Create(device, digests);
            foreach (var trailer in sample.GetProperty("trailers").EnumerateArray())
            {
                byte[] written = new byte[signature.TrailerSize];
                signature.WriteTrailer(trailer.Int("index"), written);
                Assert.Equal(trailer.Hex("trailer"), written);
                Assert.Equal(sample.Hash("root"), BatchTree.RootOf(digests[trailer.Int("index")], trailer.Int("index"), written.AsSpan(2..^64)));
            }
        }
    }

    [Theory]
    [InlineData("thread")]
    [InlineData("approval")]
    public void Headers_digests_thread_hashes_and_signatures_agree(string section)
    {
        var thread = Af1Vectors.Root.GetProperty(section);
        Bytes32 hash = default;
        foreach (var sample in thread.GetProperty("envelopes").EnumerateArray())
        {
            byte[] bytes = sample.Hex("envelope");
            Assert.True(EnvelopeView.TryRead(bytes, out var envelope, out var error), $"{error}");
            var header = envelope.Header;
            Assert.Equal(sample.Hex("header"), header.Bytes.ToArray());
            Assert.Equal(
                ((EnvelopeKind)sample.Int("kind"), (ulong)sample.Long("epoch"), (uint)sample.Int("leaf"), (uint)sample.Int("generation"), (ulong)sample.Long("senderSeq")),
                (header.Kind, header.Epoch, header.Leaf, header.Generation, header.SenderSeq));
            Assert.Equal(sample.Hex("header160"), Written(sample, header)[..160]);
            Assert.Equal(sample.Hash("E"), envelope.Digest(sample.Hash("ctx")));
            using var device = SigningKey.FromSeed(sample.Hex("deviceSeed"));
            Assert.True(EnvelopeSignature.Verify(envelope, device.PublicKey, sample.Hash("E")));
            hash = EnvelopeDigest.Thread(hash.IsZero ? sample.Hash("ctx") : hash, sample.Long("position"), sample.Hash("E"));
            Assert.Equal(sample.Hash("T"), hash);
        }
    }

    [Fact]
    public void Ratchet_commitment_and_ciphertext_follow_from_the_chain_key_alike()
    {
        foreach (var sample in Af1Vectors.Root.GetProperty("thread").GetProperty("envelopes").EnumerateArray().Where(e => e.Int("kind") != 2))
        {
            byte[] step = new byte[64], keys = new byte[64], commitment = new byte[32], chain = sample.Hex("chainKeyBefore"), plaintext = sample.Hex("plaintext");
            foreach (var expected in sample.GetProperty("chainSteps").EnumerateArray())
            {
                AfHash.Kdf2(chain, Labels.Chain, BitConverter.GetBytes(expected.Int("generation")), BitConverter.GetBytes(sample.Int("leaf")), step);
                Assert.Equal([.. expected.Hex("chainKeyNext"), .. expected.Hex("messageKey")], step);
                chain = step[..32];
            }

            AfHash.Kdf2(step.AsSpan(32), Labels.Message, sample.Hex("nonce"), [], keys);
            Assert.Equal([.. sample.Hex("ka"), .. sample.Hex("kc")], keys);
            AfHash.Mac(keys.AsSpan(32), Labels.Commitment, sample.Hex("ctx"), sample.Hex("header160"), plaintext, commitment);
            Assert.Equal(sample.Hex("C"), commitment);
            byte[] body = new byte[plaintext.Length + 16];
            LocalAead.Seal(keys.AsSpan(0, 32), sample.Hex("nonce"), [.. sample.Hex("ctx"), .. sample.Hex("header")], plaintext, body);
            Assert.Equal(sample.Hex("body"), body);
        }
    }

    private static byte[] Written(JsonElement sample, EnvelopeHeader header)
    {
        byte[] bytes = new byte[EnvelopeHeader.Size];
        new EnvelopeHeaderWriter
        {
            Suite = 1, Kind = header.Kind, IsMultiFrame = header.IsMultiFrame, IsBatchSigned = header.IsBatchSigned, ThreadId = header.ThreadId,
            Epoch = (ulong)sample.Long("epoch"), Leaf = (uint)sample.Int("leaf"), Generation = (uint)sample.Int("generation"), SenderSeq = (ulong)sample.Long("senderSeq"),
            Previous = sample.Hash("prevOwn"), AckSeq = (ulong)sample.Long("ackSeq"), AckHash = sample.Hash("ackHash"), Time = sample.Long("time"), BodyLength = sample.Int("bodyLen"),
        }.Write(bytes);
        sample.Hex("nonce").CopyTo(bytes, 144);
        return bytes;
    }
}
