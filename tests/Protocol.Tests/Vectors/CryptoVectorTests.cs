using System.Text;
using AgentFlow.Protocol.Crypto;
using AgentFlow.Protocol.Identity;

namespace AgentFlow.Protocol.Tests.Vectors;

public sealed class CryptoVectorTests
{
    [Fact]
    public void Every_label_is_its_text_padded_to_16_bytes()
    {
        var known = typeof(Labels).GetProperties().Where(property => property.Name != nameof(Labels.BackupInfo)).Select(property => property.Name).ToList();
        var listed = Hashing().GetProperty("labels").EnumerateArray().Select(label => label.Text("text")).Where(text => text != "AF1 backup").ToList();
        Assert.Equal(known.Count, listed.Count);
        foreach (string text in listed)
            Assert.Single(known, name => LabelOf(name) == text);
        Assert.Equal("AF1 backup"u8.ToArray(), Labels.BackupInfo.ToArray());
    }

    [Fact]
    public void H_MAC_and_KDF2_agree_with_the_second_implementation()
    {
        var hashing = Hashing();
        byte[] key = hashing.Hex("key"), input = hashing.Hex("input"), output = new byte[32], wide = new byte[64];
        foreach (var sample in hashing.GetProperty("hash").EnumerateArray())
        {
            Assert.Equal(sample.Hash("empty"), AfHash.Hash(Label(sample.Text("label")), []));
            Assert.Equal(sample.Hash("input"), AfHash.Hash(Label(sample.Text("label")), input.AsSpan(0, 1), input.AsSpan(1, 100), input.AsSpan(101)));
        }

        foreach (var sample in hashing.GetProperty("mac").EnumerateArray())
        {
            AfHash.Mac(key, Label(sample.Text("label")), [], [], [], output);
            Assert.Equal(sample.Hex("empty"), output);
            AfHash.Mac(key, Label(sample.Text("label")), input.AsSpan(0, 7), input.AsSpan(7, 1), input.AsSpan(8), output);
            Assert.Equal(sample.Hex("input"), output);
        }

        foreach (var sample in hashing.GetProperty("kdf2").EnumerateArray())
        {
            AfHash.Kdf2(key, Label(sample.Text("label")), input.AsSpan(0, 50), input.AsSpan(50), wide);
            Assert.Equal([.. sample.Hex("first"), .. sample.Hex("second")], wide);
        }
    }

    [Fact]
    public void Ed25519_accepts_what_suite_1_accepts_and_nothing_else()
    {
        var ed25519 = Af1Vectors.Root.GetProperty("ed25519");
        foreach (var sample in ed25519.GetProperty("cases").EnumerateArray())
        {
            bool isValid = SigningKey.Verify(sample.Hash("publicKey"), ed25519.Hex("message"), sample.Hex("signature"));
            Assert.True(isValid == sample.GetProperty("valid").GetBoolean(), sample.Text("name"));
        }
    }

    [Fact]
    public void Hpke_agrees_with_the_second_implementation()
    {
        var hpke = Af1Vectors.Root.GetProperty("hpke");
        byte[] enc = new byte[32], sealedBytes = new byte[48], opened = new byte[32];
        Assert.True(Hpke.TrySeal(
            hpke.Hex("receiverPublic"), hpke.Hex("info"), hpke.Hex("aad"), hpke.Hex("plaintext"), new Fixed(hpke.Hex("ephemeralPrivate")), enc, sealedBytes));
        Assert.Equal(hpke.Hex("enc"), enc);
        Assert.Equal(hpke.Hex("ct"), sealedBytes);
        Assert.True(Hpke.TryOpen(hpke.Hex("receiverPrivate"), hpke.Hex("receiverPublic"), enc, hpke.Hex("info"), hpke.Hex("aad"), sealedBytes, opened));
        Assert.Equal(hpke.Hex("plaintext"), opened);
    }

    [Fact]
    public void Printed_ids_agree_with_the_second_implementation()
    {
        foreach (var sample in Af1Vectors.Root.GetProperty("texts").EnumerateArray())
        {
            var agent = new AgentId(sample.Hash("id"));
            Assert.Equal(sample.Text("agent"), agent.ToString());
            Assert.Equal(agent, AgentId.Parse(sample.Text("agent")));
            Assert.Equal(sample.Text("fingerprint"), Fingerprint.Of(agent));
            Assert.True(AgentAddress.TryParse(sample.Text("address"), out var address));
            Assert.Equal(new AgentAddress("build", "hub.example", agent), address);
        }
    }

    [Fact]
    public void A_passphrase_gives_the_key_that_another_argon2id_gives()
    {
        var backup = Af1Vectors.Root.GetProperty("backup");
        byte[] key = new byte[32];
        PasswordHash.Argon2id(backup.Hex("passphrase"), backup.Hex("salt"), backup.Int("memoryKiB"), backup.Int("passes"), key);
        Assert.Equal(backup.Hex("argon2id"), key);
    }

    [Fact]
    public void A_local_record_is_sealed_alike()
    {
        var record = Af1Vectors.Root.GetProperty("localRecord");
        byte[] position = BitConverter.GetBytes(record.Long("position")), key = new byte[32], plaintext = record.Hex("plaintext"), sealedBytes = new byte[plaintext.Length + 16];
        AfHash.Mac(record.Hex("threadStorageKey"), Labels.Store, position, record.Hex("random"), [], key);
        Assert.Equal(record.Hex("recordKey"), key);
        LocalAead.Seal(key, record.Hex("random"), [.. record.Hex("threadId"), .. position], plaintext, sealedBytes);
        Assert.Equal(record.Hex("sealed"), sealedBytes);
    }

    private static System.Text.Json.JsonElement Hashing() => Af1Vectors.Root.GetProperty("hashing");

    private static byte[] Label(string text) => Encoding.ASCII.GetBytes(text.PadRight(16, '\0'));

    private static string LabelOf(string property)
    {
        var get = typeof(Labels).GetProperty(property)!.GetMethod!.CreateDelegate<LabelGetter>();
        Assert.Equal(Labels.Size, get().Length);
        return Encoding.ASCII.GetString(get()).TrimEnd('\0');
    }

    private delegate ReadOnlySpan<byte> LabelGetter();

    private sealed class Fixed(byte[] value) : IRandomSource
    {
        public void Fill(Span<byte> bytes) => value.CopyTo(bytes);
    }
}
