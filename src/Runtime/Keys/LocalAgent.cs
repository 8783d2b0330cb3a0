using System.Security.Cryptography;
using AgentFlow.Protocol.Crypto;
using AgentFlow.Protocol.Hub;
using AgentFlow.Protocol.Identity;
using AgentFlow.Store;

namespace AgentFlow.Keys;

/// <summary>An agent of this process with its keys opened. Safe to share until it is disposed, which zeroes the keys.</summary>
internal sealed class LocalAgent : IDisposable
{
    private readonly Lock _gate = new();
    private readonly byte[] _idKey;
    private AgentSecrets _secrets;

    private LocalAgent(AgentRecord record, AgentSecrets secrets, IdentityLog log, KeyBundle bundle)
    {
        Record = record;
        _secrets = secrets;
        Log = log;
        Bundle = bundle;
        Device = SigningKey.FromSeed(secrets.Device);
        _idKey = HMACSHA256.HashData(secrets.Device, "AgentFlow id key"u8);
        Approver = secrets.Approver is { } seed ? SigningKey.FromSeed(seed) : null;
    }

    /// <summary>The agent.</summary>
    public AgentId Agent => Record.Agent;

    /// <summary>Its name.</summary>
    public string Name => Record.Name;

    /// <summary>Its verified identity log.</summary>
    public IdentityLog Log { get; private set; }

    /// <summary>Its newest signed prekey.</summary>
    public KeyBundle Bundle { get; private set; }

    /// <summary>The key that signs this device's envelopes.</summary>
    public SigningKey Device { get; }

    /// <summary>The key that signs a person's approvals, or null.</summary>
    public SigningKey? Approver { get; }

    /// <summary>What the ids of this device's envelopes are derived under: nobody else can tell them in advance, and they are the same after a restart.</summary>
    public ReadOnlySpan<byte> IdKey => _idKey;

    /// <summary>Whether it is a person: an agent whose key may approve.</summary>
    public bool IsPerson => Approver is not null;

    /// <summary>Whether the keys that belong offline still lie in the store: see <see cref="AgentKeyRing.ExportOfflineKeysAsync"/>.</summary>
    public bool HoldsOfflineKeys => _secrets.NextRoot is not null || _secrets.Recovery is not null;

    /// <summary>What it publishes at the hub.</summary>
    public AgentRegistration Registration => new(Agent, Log.Bytes, Bundle.Bytes);

    internal AgentRecord Record { get; private set; }

    internal AgentSecrets Secrets => _secrets;

    /// <summary>The private part of the prekey by which this device was added to a thread, or null where it is not kept any more. The caller disposes it.</summary>
    /// <param name="publicKey">The prekey of the bundle, which is the first leaf key.</param>
    public AgreementKey? FindPrekey(Bytes32 publicKey)
    {
        lock (_gate)
        {
            for (int i = _secrets.Prekeys.Count - 1; i >= 0; i--)
            {
                var key = AgreementKey.FromSeed(_secrets.Prekeys[i].Seed);
                if (key.PublicKey == publicKey)
                    return key;
                key.Dispose();
            }
        }

        return null;
    }

    /// <summary>
    /// Takes over the prekeys of a later version of this agent, and gives it the ones from here to dispose. Device and approver key are the same in both.
    /// </summary>
    public void TakePrekeys(LocalAgent later)
    {
        lock (_gate)
        {
            (_secrets, later._secrets) = (later._secrets, _secrets);
            (Record, Log, Bundle) = (later.Record, later.Log, later.Bundle);
        }
    }

    /// <summary>Opens a stored agent.</summary>
    /// <exception cref="KeyException">What the store holds does not verify.</exception>
    public static LocalAgent Open(AgentRecord record)
    {
        var secrets = AgentSecrets.Decode(record.Secrets.Span);
        bool isRevoked = false;
        if (IdentityLog.TryParse(record.IdentityLog.Span, out var log, out var error) && log.Agent == record.Agent
            && KeyBundle.TryParse(record.KeyBundle.Span, out var bundle, out error)
            && !(isRevoked = log.TryGetKeyAt(log.HeadSeq, bundle.Device, out var device) && device.IsRevoked)
            && (error = bundle.Verify(log)) == Protocol.ProtocolError.None)
        {
            return new LocalAgent(record, secrets, log, bundle);
        }

        secrets.Dispose();
        if (isRevoked)
        {
            throw new KeyException(
                "keys.revoked",
                $"The device key of the agent '{record.Name}' was revoked, so this store cannot speak for it any more. Start with a new store and device key.");
        }

        throw new KeyException("keys.damaged", $"The identity of the agent '{record.Name}' in the store does not verify ({error}). Restore the store from a backup.");
    }

    /// <summary>Zeroes the keys.</summary>
    public void Dispose()
    {
        Device.Dispose();
        Approver?.Dispose();
        _secrets.Dispose();
        CryptographicOperations.ZeroMemory(_idKey);
    }
}
