using AgentFlow.Protocol.Crypto;

namespace AgentFlow.Protocol.Tests.Crypto;

public class SigningKeyTests
{
    [Fact]
    public void A_key_that_is_made_of_the_exported_seed_is_the_same_key()
    {
        using var key = SigningKey.Generate();
        byte[] seed = new byte[SigningKey.SeedSize];
        key.ExportSeed(seed);
        using var same = SigningKey.FromSeed(seed);
        Assert.Equal(key.PublicKey, same.PublicKey);
    }

    [Fact]
    public void A_signature_verifies_under_its_key_and_message_only()
    {
        using var key = SigningKey.Generate();
        using var other = SigningKey.Generate();
        byte[] signature = new byte[64];
        Bytes32 hash = AfHash.Hash(Labels.Envelope, "x"u8);
        key.Sign(Labels.SignEnvelope, hash, signature);
        Assert.True(SigningKey.Verify(key.PublicKey, Labels.SignEnvelope, hash, signature));
        Assert.False(SigningKey.Verify(key.PublicKey, Labels.SignBatch, hash, signature));
        Assert.False(SigningKey.Verify(other.PublicKey, Labels.SignEnvelope, hash, signature));
        signature[63] ^= 1;
        Assert.False(SigningKey.Verify(key.PublicKey, Labels.SignEnvelope, hash, signature));
    }

    [Fact]
    public void A_key_signs_nothing_without_a_signature_label()
    {
        using var key = SigningKey.Generate();
        byte[] signature = new byte[64];
        Assert.Throws<ArgumentException>(() => key.Sign("hello, world, this is text"u8, signature));
        Assert.Throws<ArgumentException>(() => key.Sign(Labels.Envelope, default(Bytes32), signature));
        Assert.Throws<ArgumentException>(() => key.Sign([], signature));
    }
}
