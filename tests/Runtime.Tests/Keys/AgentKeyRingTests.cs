using AgentFlow.Keys;
using AgentFlow.Protocol;
using AgentFlow.Protocol.Identity;
using AgentFlow.Runtime.Tests.Store;
using AgentFlow.Storage;
using AgentFlow.Store.Sealing;
using AgentFlow.Store.Sqlite;

namespace AgentFlow.Runtime.Tests.Keys;

/// <summary>Identities: made once, verified when loaded, renewed daily.</summary>
public sealed class AgentKeyRingTests : IAsyncLifetime
{
    private readonly KeyFolder _folder = new();
    private readonly StandingClock _clock = new();
    private SqliteAgentStore? _store;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private AgentKeyRing Ring => new(_store!, _clock);

    public async ValueTask InitializeAsync()
    {
        using var key = DeviceStorageKey.Copy(new byte[32]);
        _store = await SqliteAgentStore.OpenAsync(Path.Combine(_folder.Store, "agents.db"), key, new SqliteOptions(), Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _store!.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task An_agent_is_made_once_and_its_log_and_bundle_verify()
    {
        using var made = await Ring.LoadOrCreateAsync("qa", isPerson: false, Cancel);
        Assert.True(IdentityLog.TryParse(made.Registration.IdentityLog.Span, out var log, out _));
        Assert.Equal((made.Agent, "qa"), (log.Agent, log.Name));
        Assert.True(log.AllowsAt(log.HeadSeq, made.Device.PublicKey, KeyUsage.MessageDevice));
        Assert.Null(made.Approver);
        Assert.True(KeyBundle.TryParse(made.Registration.KeyBundle.Span, out var bundle, out _));
        Assert.Equal(ProtocolError.None, bundle.Verify(log));
        using var prekey = made.FindPrekey(bundle.Prekey);
        Assert.Equal(bundle.Prekey, prekey!.PublicKey);
        Assert.Null(made.FindPrekey(StoreData.Hash()));

        using var loaded = await Ring.LoadOrCreateAsync("qa", isPerson: false, Cancel);
        Assert.Equal((made.Agent, made.Device.PublicKey, made.Bundle.PrekeyId), (loaded.Agent, loaded.Device.PublicKey, loaded.Bundle.PrekeyId));
        Assert.Equal(made.Agent, Assert.Single(await Ring.LoadAllAsync(Cancel)).Agent);
    }

    [Fact]
    public async Task A_person_has_an_approver_key_and_an_agent_becomes_a_person_without_a_new_identity()
    {
        using var agent = await Ring.LoadOrCreateAsync("ada", isPerson: false, Cancel);
        using var person = await Ring.LoadOrCreateAsync("ada", isPerson: true, Cancel);
        Assert.Equal(agent.Agent, person.Agent);
        Assert.True(person.IsPerson);
        Assert.True(person.Log.AllowsAt(person.Log.HeadSeq, person.Approver!.PublicKey, KeyUsage.Approve));
        Assert.False(person.Log.AllowsAt(person.Log.HeadSeq, person.Device.PublicKey, KeyUsage.Approve));
        Assert.True(person.Log.Extends(agent.Log));
        using var again = await Ring.LoadOrCreateAsync("ada", isPerson: false, Cancel);
        Assert.Equal(person.Approver.PublicKey, again.Approver!.PublicKey);
    }

    [Fact]
    public async Task A_prekey_is_renewed_after_a_day_and_kept_until_two_weeks_after_its_end()
    {
        using var first = await Ring.LoadOrCreateAsync("qa", isPerson: false, Cancel);
        _clock.Now += TimeSpan.FromHours(24) - TimeSpan.FromMilliseconds(1);
        Assert.False(Ring.NeedsRenewal(first));
        _clock.Now += TimeSpan.FromMilliseconds(1);
        using var second = await Ring.LoadOrCreateAsync("qa", isPerson: false, Cancel);
        Assert.Equal((first.Bundle.PrekeyId + 1, first.Device.PublicKey), (second.Bundle.PrekeyId, second.Device.PublicKey));
        Assert.Equal(ProtocolError.None, second.Bundle.Verify(second.Log));
        AssertHolds(second, first.Bundle, isKept: true);

        _clock.Now = DateTimeOffset.FromUnixTimeMilliseconds(first.Bundle.NotAfter).AddDays(14);
        using var last = await Ring.LoadOrCreateAsync("qa", isPerson: false, Cancel);
        AssertHolds(last, first.Bundle, isKept: true);
        _clock.Now += TimeSpan.FromDays(1) + TimeSpan.FromMilliseconds(1);
        using var after = await Ring.LoadOrCreateAsync("qa", isPerson: false, Cancel);
        AssertHolds(after, first.Bundle, isKept: false);
        AssertHolds(after, after.Bundle, isKept: true);
    }

    [Fact]
    public async Task Of_many_that_make_an_agent_at_once_all_get_the_same()
    {
        var agents = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(async () => await Ring.LoadOrCreateAsync(i % 2 == 0 ? "qa" : "QA", isPerson: i > 3, Cancel))));
        Assert.Single(agents.Select(agent => agent.Agent).Distinct());
        Assert.Single(await Ring.LoadAllAsync(Cancel));
        foreach (var agent in agents)
            agent.Dispose();
    }

    [Fact]
    public async Task Offline_keys_are_erased_only_after_they_were_written()
    {
        using var made = await Ring.LoadOrCreateAsync("qa", isPerson: false, Cancel);
        Assert.True(made.HoldsOfflineKeys);
        await Assert.ThrowsAsync<IOException>(async () => await Ring.ExportOfflineKeysAsync("qa", _ => throw new IOException("no paper"), Cancel));
        byte[] nextRoot = [], recovery = [];
        Assert.True(await Ring.ExportOfflineKeysAsync("qa", Keep, Cancel));
        Assert.Equal((32, 32), (nextRoot.Length, recovery.Length));
        Assert.False(await Ring.ExportOfflineKeysAsync("qa", Keep, Cancel));
        using var loaded = await Ring.LoadOrCreateAsync("qa", isPerson: false, Cancel);
        Assert.False(loaded.HoldsOfflineKeys);

        // The log accepts what was written down as its next root.
        using var newRoot = Protocol.Crypto.SigningKey.FromSeed(nextRoot);
        using var recoveryKey = Protocol.Crypto.SigningKey.FromSeed(recovery);
        using var other = Protocol.Crypto.SigningKey.Generate();
        var recovered = IdentityLogWriter.Recover(loaded.Log, recoveryKey, newRoot, IdentityLogWriter.NextRootHash(other.PublicKey), default, loaded.Log.HeadSeq, 1);
        Assert.Equal(newRoot.PublicKey, recovered.Root);

        ValueTask Keep(OfflineKeys keys)
        {
            (nextRoot, recovery) = (keys.NextRoot.ToArray(), keys.Recovery.ToArray());
            return ValueTask.CompletedTask;
        }
    }

    [Fact]
    public async Task An_identity_that_does_not_verify_is_refused()
    {
        using var made = await Ring.LoadOrCreateAsync("qa", isPerson: false, Cancel);
        var record = (await _store!.FindAgentAsync(made.Agent, Cancel))!;
        byte[] log = record.IdentityLog.ToArray();
        log[^1] ^= 1;
        Assert.True(await _store.PutAgentAsync(record with { IdentityLog = log }, Cancel));
        var e = await Assert.ThrowsAsync<KeyException>(async () => await Ring.LoadOrCreateAsync("qa", isPerson: false, Cancel));
        Assert.Equal("keys.damaged", e.Code);
    }

    [Fact]
    public async Task A_store_whose_device_was_revoked_is_told_apart_from_a_damaged_one()
    {
        using var made = await Ring.LoadOrCreateAsync("qa", isPerson: false, Cancel);
        using var root = Protocol.Crypto.SigningKey.FromSeed(made.Secrets.Root!);
        var record = (await _store!.FindAgentAsync(made.Agent, Cancel))!;
        var revoked = IdentityLogWriter.RevokeKey(made.Log, made.Device.PublicKey, 0, 0, root, 1);
        Assert.True(await _store.PutAgentAsync(record with { IdentityLog = revoked.Bytes }, Cancel));
        var e = await Assert.ThrowsAsync<KeyException>(async () => await Ring.LoadOrCreateAsync("qa", isPerson: false, Cancel));
        Assert.Equal("keys.revoked", e.Code);
    }

    private static void AssertHolds(LocalAgent agent, KeyBundle bundle, bool isKept)
    {
        using var prekey = agent.FindPrekey(bundle.Prekey);
        Assert.Equal(isKept, prekey is not null);
    }
}
