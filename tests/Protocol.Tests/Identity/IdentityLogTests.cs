using AgentFlow.Protocol.Crypto;
using AgentFlow.Protocol.Identity;

namespace AgentFlow.Protocol.Tests.Identity;

public sealed class IdentityLogTests : IDisposable
{
    private const long Now = 1_790_000_000_000;
    private readonly SigningKey _root = SigningKey.Generate();
    private readonly SigningKey _next = SigningKey.Generate();
    private readonly SigningKey _recovery = SigningKey.Generate();
    private readonly SigningKey _device = SigningKey.Generate();
    private readonly SigningKey _other = SigningKey.Generate();

    public void Dispose()
    {
        foreach (var key in new[] { _root, _next, _recovery, _device, _other })
            key.Dispose();
    }

    [Fact]
    public void A_key_is_live_from_the_entry_that_adds_it_to_the_one_that_revokes_it()
    {
        var log = IdentityLogWriter.AddKey(Genesis(), _device, KeyUsage.MessageDevice, 5, _root, Now);
        log = IdentityLogWriter.RevokeKey(log, _device.PublicKey, 1, 0, _root, Now);
        Assert.False(log.TryGetKeyAt(0, _device.PublicKey, out _));
        Assert.True(log.AllowsAt(1, _device.PublicKey, KeyUsage.MessageDevice));
        Assert.False(log.AllowsAt(1, _device.PublicKey, KeyUsage.Approve));
        Assert.False(log.AllowsAt(2, _device.PublicKey, KeyUsage.MessageDevice));
        Assert.True(log.TryGetKeyAt(1, _device.PublicKey, out var status));
        Assert.Equal(5, status.NotAfter);
        Assert.True(Assert.Single(log.Keys).IsRevoked);
    }

    [Fact]
    public void An_admin_adds_devices_and_revokes_but_adds_no_approver()
    {
        var log = IdentityLogWriter.AddKey(Genesis(), _other, KeyUsage.Admin, 0, _root, Now);
        Assert.Throws<InvalidOperationException>(() => IdentityLogWriter.AddKey(log, _device, KeyUsage.Approve, 0, _other, Now));
        log = IdentityLogWriter.AddKey(log, _device, KeyUsage.MessageDevice, 0, _other, Now);
        log = IdentityLogWriter.RevokeKey(log, _device.PublicKey, 0, 0, _other, Now);
        Assert.Equal(3u, log.HeadSeq);
    }

    [Fact]
    public void A_rotation_needs_the_key_that_was_committed_to_and_drops_what_a_thief_added()
    {
        var log = IdentityLogWriter.AddKey(Genesis(), _device, KeyUsage.MessageDevice, 0, _root, Now);
        log = IdentityLogWriter.AddKey(log, _other, KeyUsage.Admin, 0, _root, Now);
        Assert.Throws<InvalidOperationException>(() => IdentityLogWriter.RotateRoot(log, _root, _recovery, default, default, 1, Now));
        var rotated = IdentityLogWriter.RotateRoot(log, _root, _next, default, default, keepThroughSeq: 1, Now);
        Assert.Equal(_next.PublicKey, rotated.Root);
        Assert.True(rotated.AllowsAt(3, _device.PublicKey, KeyUsage.MessageDevice));
        Assert.False(rotated.AllowsAt(3, _other.PublicKey, KeyUsage.Admin));
        Assert.True(rotated.AllowsAt(2, _other.PublicKey, KeyUsage.Admin));
        Assert.Throws<InvalidOperationException>(() => IdentityLogWriter.RevokeKey(rotated, _device.PublicKey, 0, 0, _root, Now));
        Assert.Throws<InvalidOperationException>(() => IdentityLogWriter.RotateRoot(log, _root, _next, default, default, keepThroughSeq: 3, Now));
    }

    [Fact]
    public void The_recovery_key_replaces_a_lost_root_once()
    {
        var log = IdentityLogWriter.Recover(Genesis(), _recovery, _other, default, default, 0, Now);
        Assert.Equal(_other.PublicKey, log.Root);
        Assert.Throws<InvalidOperationException>(() => IdentityLogWriter.Recover(log, _recovery, _next, default, default, 0, Now));
        Assert.Throws<InvalidOperationException>(() => IdentityLogWriter.Recover(Genesis(), _device, _other, default, default, 0, Now));
    }

    [Fact]
    public void A_pin_accepts_a_longer_log_and_no_fork()
    {
        var pinned = IdentityLogWriter.AddKey(Genesis(), _device, KeyUsage.MessageDevice, 0, _root, Now);
        var longer = IdentityLogWriter.RevokeKey(pinned, _device.PublicKey, 0, 0, _root, Now);
        Assert.True(IdentityLog.TryParse(pinned.Bytes.Span[..(52 + 97 + 5 + 64)], out var genesis, out _));
        var fork = IdentityLogWriter.AddKey(genesis, _other, KeyUsage.MessageDevice, 0, _root, Now);
        Assert.True(longer.Extends(pinned));
        Assert.False(pinned.Extends(longer));
        Assert.False(longer.Contradicts(pinned));
        Assert.True(fork.Contradicts(pinned));
        Assert.False(fork.Extends(pinned));
        Assert.True(longer.TryFindHead(pinned.Head, out uint seq));
        Assert.Equal(1u, seq);
        Assert.True(longer.Contains(1, pinned.HeadAt(1)));
    }

    [Fact]
    public void A_log_grows_by_the_entries_that_others_send()
    {
        var log = Genesis();
        var longer = IdentityLogWriter.AddKey(log, _device, KeyUsage.MessageDevice, 0, _root, Now);
        Assert.True(log.TryExtend(longer.Bytes.Span[log.Bytes.Length..], out var extended, out _));
        Assert.Equal(longer.Head, extended.Head);
        Assert.Equal(0u, log.HeadSeq);
        Assert.False(extended.TryExtend(longer.Bytes.Span[log.Bytes.Length..], out _, out var error));
        Assert.Equal(ProtocolError.Sequence, error);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a@b")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("a\nb")]
    public void A_name_that_an_address_cannot_hold_is_refused(string name)
    {
        Assert.ThrowsAny<ArgumentException>(() => IdentityLogWriter.CreateGenesis(name, _root, default, default, Now));
    }

    [Theory]
    [InlineData("build@hub.example")]
    [InlineData("@hub.example/af1/2wzlmfjuovmrofcwmpyfrszm3vn7z7o4s2kyaaaaaaaaaaaaaaaa")]
    [InlineData("build@/af1/2wzlmfjuovmrofcwmpyfrszm3vn7z7o4s2kyaaaaaaaaaaaaaaaa")]
    [InlineData("/af1/")]
    [InlineData("")]
    [InlineData(null)]
    public void A_text_that_is_no_address_is_refused(string? text) => Assert.False(AgentAddress.TryParse(text, out _));

    [Fact]
    public void A_bundle_is_good_for_the_agent_device_and_prekey_that_it_names()
    {
        using var prekey = AgreementKey.Generate();
        var log = IdentityLogWriter.AddKey(Genesis(), _device, KeyUsage.MessageDevice, 0, _root, Now);
        var bundle = KeyBundle.Create(log, _device, 1, prekey.PublicKey, Now, Now + 1);
        Assert.Equal(ProtocolError.None, bundle.Verify(log));
        Assert.Equal(ProtocolError.DeviceKey, bundle.Verify(IdentityLogWriter.RevokeKey(log, _device.PublicKey, 0, 0, _root, Now)));
        Assert.Equal(ProtocolError.LogHead, bundle.Verify(Genesis("other")));
        Assert.Equal(ProtocolError.Key, KeyBundle.Create(log, _device, 1, default, Now, Now + 1).Verify(log));
        Assert.Throws<InvalidOperationException>(() => KeyBundle.Create(log, _other, 1, prekey.PublicKey, Now, Now));
        byte[] changed = bundle.Bytes.ToArray();
        changed[148] ^= 1;
        Assert.True(KeyBundle.TryParse(changed, out var damaged, out _));
        Assert.Equal(ProtocolError.Signature, damaged.Verify(log));
    }

    [Fact]
    public void An_answer_to_one_hub_is_none_to_another()
    {
        byte[] challenge = new byte[32], signature = new byte[64];
        SecureRandom.Fill(challenge);
        string origin = HubLogin.OriginOf(new Uri("https://Hub.Example:443/path"));
        HubLogin.Sign(_device, origin, challenge, signature);
        Assert.Equal("https://hub.example", origin);
        Assert.True(HubLogin.Verify(_device.PublicKey, origin, challenge, signature));
        Assert.False(HubLogin.Verify(_device.PublicKey, "https://hub.example:8443", challenge, signature));
        Assert.False(HubLogin.Verify(_other.PublicKey, origin, challenge, signature));
        Assert.False(HubLogin.Verify(_device.PublicKey, origin, challenge, signature.AsSpan(1)));
        challenge[0] ^= 1;
        Assert.False(HubLogin.Verify(_device.PublicKey, origin, challenge, signature));
    }

    private IdentityLog Genesis(string name = "alice") => IdentityLogWriter.CreateGenesis(
        name, _root, IdentityLogWriter.NextRootHash(_next.PublicKey), IdentityLogWriter.RecoveryHash(_recovery.PublicKey), Now);
}
