using System.Text.Json;
using AgentFlow.Protocol.Crypto;
using AgentFlow.Protocol.Identity;

namespace AgentFlow.Protocol.Tests.Vectors;

public sealed class IdentityVectorTests
{
    [Fact]
    public void A_log_with_every_kind_of_entry_reads_alike_after_each_entry()
    {
        var vector = Af1Vectors.Root.GetProperty("identityLog");
        IdentityLog? log = null;
        foreach (var entry in vector.GetProperty("entries").EnumerateArray())
        {
            ProtocolError error;
            Assert.True(log is null ? IdentityLog.TryParse(entry.Hex("entry"), out log, out error) : log.TryExtend(entry.Hex("entry"), out log, out error), $"{error}");
            Assert.Equal((uint)entry.Int("seq"), log.HeadSeq);
            Assert.Equal(entry.Hash("head"), log.Head);
            Assert.Equal(entry.Hash("root"), log.Root);
            var keys = entry.GetProperty("keys").EnumerateArray().ToList();
            Assert.Equal(keys.Count, log.Keys.Count);
            foreach (var key in keys)
            {
                Assert.True(log.TryGetKeyAt(log.HeadSeq, key.Hash("publicKey"), out var status));
                Assert.Equal(((KeyUsage)key.Int("usage"), key.Long("notAfter"), !key.GetProperty("live").GetBoolean()), (status.Usage, status.NotAfter, status.IsRevoked));
            }
        }

        Assert.Equal(vector.Hex("joined"), log!.Bytes.ToArray());
        Assert.Equal(vector.Text("agentText"), log.Agent.ToString());
        Assert.Equal(vector.Text("name"), log.Name);
        Assert.Equal(vector.Text("fingerprint"), Fingerprint.Of(log.Agent));
        Assert.True(IdentityLog.TryParse(vector.Hex("joined"), out var again, out _));
        Assert.Equal(log.Head, again.Head);
    }

    [Fact]
    public void The_writer_makes_the_same_log_byte_for_byte()
    {
        var vector = Af1Vectors.Root.GetProperty("identityLog");
        var keys = vector.GetProperty("keys").EnumerateArray().ToDictionary(key => key.Text("name"), key => SigningKey.FromSeed(key.Hex("seed")));
        IdentityLog? log = null;
        foreach (var entry in vector.GetProperty("entries").EnumerateArray())
        {
            log = Write(log, entry, keys);
            Assert.Equal(entry.Hex("entry"), log.Bytes.ToArray()[^entry.Hex("entry").Length..]);
        }
    }

    [Fact]
    public void Logs_that_break_a_rule_are_refused()
    {
        foreach (var sample in Af1Vectors.Root.GetProperty("identityLog").GetProperty("refused").EnumerateArray())
        {
            Assert.False(IdentityLog.TryParse(sample.Hex("joined"), out _, out var error), sample.Text("name"));
            Assert.NotEqual(ProtocolError.None, error);
        }
    }

    [Fact]
    public void A_log_that_is_cut_or_changed_anywhere_is_refused()
    {
        var vector = Af1Vectors.Root.GetProperty("identityLog");
        byte[] joined = vector.Hex("joined");
        var ends = vector.GetProperty("entries").EnumerateArray().Aggregate(new List<int> { 0 }, (all, entry) => [.. all, all[^1] + entry.Hex("entry").Length]);
        for (int length = 0; length < joined.Length; length += 7)
            Assert.Equal(length > 0 && ends.Contains(length), IdentityLog.TryParse(joined.AsSpan(0, length), out _, out _));
        for (int i = 0; i < joined.Length; i += 3)
        {
            byte[] changed = [.. joined];
            changed[i] ^= 1;
            Assert.False(IdentityLog.TryParse(changed, out _, out _), $"byte {i}");
        }
    }

    [Fact]
    public void A_bundle_is_made_and_verified_alike()
    {
        var vector = Af1Vectors.Root.GetProperty("bundle");
        Assert.True(IdentityLog.TryParse(vector.Hex("log"), out var log, out _));
        using var device = SigningKey.FromSeed(vector.Hex("deviceSeed"));
        var made = KeyBundle.Create(log, device, (uint)vector.Int("spkId"), vector.Hash("spk"), vector.Long("created"), vector.Long("notAfter"));
        Assert.Equal(vector.Hex("bundle"), made.Bytes.ToArray());
        byte[] bytes = vector.Hex("bundle");
        for (int i = 0; i < bytes.Length; i++)
        {
            byte[] changed = [.. bytes];
            changed[i] ^= 1;
            Assert.False(KeyBundle.TryParse(changed, out var other, out _) && other.Verify(log) == ProtocolError.None, $"byte {i}");
        }
    }

    [Fact]
    public void Logins_are_signed_alike_and_bound_to_the_origin()
    {
        foreach (var sample in Af1Vectors.Root.GetProperty("hubLogin").EnumerateArray())
        {
            string port = sample.GetProperty("port").ValueKind == JsonValueKind.Null ? "" : $":{sample.Int("port")}";
            string origin = HubLogin.OriginOf(new Uri($"{sample.Text("scheme")}://{sample.Text("host")}{port}/any/path"));
            Assert.Equal(sample.Text("origin"), origin);
            using var device = SigningKey.FromSeed(sample.Hex("deviceSeed"));
            byte[] signature = new byte[64];
            HubLogin.Sign(device, origin, sample.Hex("challenge"), signature);
            Assert.Equal(sample.Hex("signature"), signature);
            Assert.True(HubLogin.Verify(device.PublicKey, origin, sample.Hex("challenge"), signature));
            Assert.False(HubLogin.Verify(device.PublicKey, origin + "x", sample.Hex("challenge"), signature));
        }
    }

    private static IdentityLog Write(IdentityLog? log, JsonElement entry, Dictionary<string, SigningKey> keys)
    {
        string[] signers = [.. entry.GetProperty("signers").EnumerateArray().Select(name => name.GetString()!)];
        byte[] header = entry.Hex("header"), body = entry.Hex("body");
        long time = BitConverter.ToInt64(header, 40);
        Bytes32 At(int offset) => new(body.AsSpan(offset, 32));
        var first = keys[signers[0]];
        return entry.Text("type") switch
        {
            "Genesis" => IdentityLogWriter.CreateGenesis("build", first, IdentityLogWriter.NextRootHash(keys["root 2"].PublicKey), IdentityLogWriter.RecoveryHash(keys["recovery"].PublicKey), time),
            "AddKey" => IdentityLogWriter.AddKey(log!, keys[signers[1]], (KeyUsage)entry.Int("usage"), BitConverter.ToInt64(body, 36), first, time),
            "RevokeKey" => IdentityLogWriter.RevokeKey(log!, At(0), body[32], BitConverter.ToInt64(body, 33), first, time),
            "RotateRoot" => IdentityLogWriter.RotateRoot(log!, first, keys[signers[1]], At(32), At(64), (uint)entry.Int("keepThroughSeq"), time),
            _ => IdentityLogWriter.Recover(log!, first, keys[signers[1]], At(32), At(96), (uint)entry.Int("keepThroughSeq"), time),
        };
    }
}
