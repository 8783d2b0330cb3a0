using AgentFlow.Protocol.Crypto;
using AgentFlow.Protocol.Identity;
using AgentFlow.Store;
using System.Security.Cryptography;

namespace AgentFlow.Keys;

/// <summary>Makes identities and their next versions; it stores nothing.</summary>
internal static class IdentityFactory
{
    /// <summary>A prekey is replaced after this time.</summary>
    public static readonly TimeSpan PrekeyRenewal = TimeSpan.FromHours(24);

    /// <summary>A bundle may be used to add its device for this long: an agent that was away for less can still be added.</summary>
    public static readonly TimeSpan BundleLifetime = TimeSpan.FromDays(14);

    /// <summary>How long the private part outlives its bundle: invitations may still be under way.</summary>
    public static readonly TimeSpan PrekeyGrace = TimeSpan.FromDays(14);

    /// <summary>A new identity: genesis under a new root with commitments to a next root and a recovery key, a device key, a person's approver key, a first prekey.</summary>
    public static AgentRecord Create(string name, bool isPerson, DateTimeOffset time)
    {
        long now = time.ToUnixTimeMilliseconds();
        using var root = SigningKey.Generate();
        using var nextRoot = SigningKey.Generate();
        using var recovery = SigningKey.Generate();
        using var device = SigningKey.Generate();
        using var approver = isPerson ? SigningKey.Generate() : null;
        var log = IdentityLogWriter.CreateGenesis(name, root, IdentityLogWriter.NextRootHash(nextRoot.PublicKey), IdentityLogWriter.RecoveryHash(recovery.PublicKey), now);
        log = IdentityLogWriter.AddKey(log, device, KeyUsage.MessageDevice, 0, root, now);
        if (approver is not null)
            log = IdentityLogWriter.AddKey(log, approver, KeyUsage.Approve, 0, root, now);
        var (prekey, bundle) = NewPrekey(log, device, 1, now);
        using var secrets = new AgentSecrets
        {
            Device = Seed(device), Root = Seed(root), NextRoot = Seed(nextRoot), Recovery = Seed(recovery), Approver = approver is null ? null : Seed(approver), Prekeys = [prekey],
        };
        return Record(log.Agent, name, 0, log, bundle, secrets);
    }

    /// <summary>The same agent with a new prekey; prekeys past their grace are dropped.</summary>
    public static AgentRecord RenewPrekey(LocalAgent agent, DateTimeOffset time)
    {
        long now = time.ToUnixTimeMilliseconds();
        var (prekey, bundle) = NewPrekey(agent.Log, agent.Device, agent.Bundle.PrekeyId + 1, now);
        var kept = agent.Secrets.Prekeys.Where(old => old.NotAfter + (long)PrekeyGrace.TotalMilliseconds >= now);
        var renewed = With(agent.Secrets, agent.Secrets.Approver, [.. kept, prekey], keepsOffline: true);
        var record = Record(agent.Agent, agent.Name, agent.Record.Version, agent.Log, bundle, renewed);
        CryptographicOperations.ZeroMemory(prekey.Seed);
        return record;
    }

    /// <summary>The same agent as a person: with an approver key.</summary>
    /// <exception cref="KeyException">The root is not in this store.</exception>
    public static AgentRecord MakePerson(LocalAgent agent, DateTimeOffset time)
    {
        if (agent.Secrets.Root is not { } rootSeed)
            throw new KeyException("keys.no-root", $"'{agent.Name}' has no approver key, and its root key is not in this store to add one. Add it where the root is.");
        long now = time.ToUnixTimeMilliseconds();
        using var root = SigningKey.FromSeed(rootSeed);
        using var approver = SigningKey.Generate();
        var log = IdentityLogWriter.AddKey(agent.Log, approver, KeyUsage.Approve, 0, root, now);
        byte[] seed = Seed(approver);
        var record = Record(agent.Agent, agent.Name, agent.Record.Version, log, agent.Bundle, With(agent.Secrets, seed, agent.Secrets.Prekeys, keepsOffline: true));
        CryptographicOperations.ZeroMemory(seed);
        return record;
    }

    /// <summary>The same agent without the keys that belong offline.</summary>
    public static AgentRecord WithoutOfflineKeys(LocalAgent agent) =>
        Record(agent.Agent, agent.Name, agent.Record.Version, agent.Log, agent.Bundle, With(agent.Secrets, agent.Secrets.Approver, agent.Secrets.Prekeys, keepsOffline: false));

    /// <summary>The seeds stay the ones of <paramref name="secrets"/>, which zeroes them.</summary>
    private static AgentSecrets With(AgentSecrets secrets, byte[]? approver, IReadOnlyList<Prekey> prekeys, bool keepsOffline) => new()
    {
        Device = secrets.Device, Root = secrets.Root, NextRoot = keepsOffline ? secrets.NextRoot : null, Recovery = keepsOffline ? secrets.Recovery : null,
        Approver = approver, Prekeys = prekeys,
    };

    private static (Prekey Prekey, KeyBundle Bundle) NewPrekey(IdentityLog log, SigningKey device, uint id, long now)
    {
        using var key = AgreementKey.Generate();
        byte[] seed = new byte[AgreementKey.SeedSize];
        key.ExportSeed(seed);
        long notAfter = now + (long)BundleLifetime.TotalMilliseconds;
        return (new Prekey(id, seed, now, notAfter), KeyBundle.Create(log, device, id, key.PublicKey, now, notAfter));
    }

    private static AgentRecord Record(AgentId agent, string name, long version, IdentityLog log, KeyBundle bundle, AgentSecrets secrets) =>
        new() { Agent = agent, Name = name, Version = version, IdentityLog = log.Bytes, KeyBundle = bundle.Bytes, Secrets = secrets.Encode() };

    private static byte[] Seed(SigningKey key)
    {
        byte[] seed = new byte[SigningKey.SeedSize];
        key.ExportSeed(seed);
        return seed;
    }
}
