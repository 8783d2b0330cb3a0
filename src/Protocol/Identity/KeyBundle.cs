using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using AgentFlow.Protocol.Crypto;

namespace AgentFlow.Protocol.Identity;

/// <summary>A signed prekey, 224 bytes: what a device publishes so that others can add it to a thread while it is offline.</summary>
/// <remarks>Reference: protocol.md 2.3. Make a new one every 24 h; keep its private part until <see cref="NotAfter"/> + 14 days. Immutable.</remarks>
public sealed class KeyBundle
{
    /// <summary>The size in bytes.</summary>
    public const int Size = 224;

    internal const int SignedSize = 160;
    private readonly byte[] _bytes;

    private KeyBundle(byte[] bytes) => _bytes = bytes;

    /// <summary>The 224 bytes.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>The agent.</summary>
    public AgentId Agent => new(_bytes.AsSpan(4, 32));

    /// <summary>The number of the log entry at which the device key is live.</summary>
    public uint LogSeq => BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(36));

    /// <summary>The hash of that entry.</summary>
    public Bytes32 LogHead => new(_bytes.AsSpan(40, 32));

    /// <summary>The device key.</summary>
    public Bytes32 Device => new(_bytes.AsSpan(72, 32));

    /// <summary>The number of the prekey, by which the device finds its private part.</summary>
    public uint PrekeyId => BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(104));

    /// <summary>The X25519 prekey.</summary>
    public Bytes32 Prekey => new(_bytes.AsSpan(108, 32));

    /// <summary>When it was made, in Unix milliseconds.</summary>
    public long Created => BinaryPrimitives.ReadInt64LittleEndian(_bytes.AsSpan(140));

    /// <summary>Until when it may be used to add the device, in Unix milliseconds. Only who adds it asks the clock.</summary>
    public long NotAfter => BinaryPrimitives.ReadInt64LittleEndian(_bytes.AsSpan(148));

    /// <summary>The suites that the device speaks: bit n - 1 for suite n.</summary>
    public uint Suites => BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(156));

    internal ReadOnlySpan<byte> Signature => _bytes.AsSpan(SignedSize);

    /// <summary>Makes and signs a bundle for suite 1.</summary>
    /// <param name="log">The agent's log, in which the device key is live.</param>
    /// <param name="device">The device key.</param>
    /// <param name="prekeyId">The number of the prekey.</param>
    /// <param name="prekey">The X25519 public key.</param>
    /// <param name="created">Unix milliseconds.</param>
    /// <param name="notAfter">Unix milliseconds.</param>
    /// <exception cref="InvalidOperationException">The device key is not live in the log.</exception>
    public static KeyBundle Create(IdentityLog log, SigningKey device, uint prekeyId, Bytes32 prekey, long created, long notAfter)
    {
        if (!log.AllowsAt(log.HeadSeq, device.PublicKey, KeyUsage.MessageDevice))
            throw new InvalidOperationException("The device key is not live in the identity log. Add it with IdentityLogWriter.AddKey first.");
        byte[] bytes = new byte[Size];
        WriteSigned(bytes, log.Agent, log.HeadSeq, log.Head, device.PublicKey, prekeyId, prekey, created, notAfter, 1u << (Suite.One - 1));
        device.Sign(Labels.SignBundle, AfHash.Hash(Labels.Bundle, bytes.AsSpan(0, SignedSize)), bytes.AsSpan(SignedSize));
        return new KeyBundle(bytes);
    }

    /// <summary>Reads the format. Before use, <see cref="Verify"/> it against the agent's log.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out KeyBundle? bundle, out ProtocolError error)
    {
        error = bytes.Length != Size ? ProtocolError.Length
            : !bytes.StartsWith("AP"u8) ? ProtocolError.Magic
            : bytes[2] != 1 ? ProtocolError.Version
            : bytes[3] != 0 ? ProtocolError.Reserved
            : ProtocolError.None;
        bundle = error == ProtocolError.None ? new KeyBundle(bytes.ToArray()) : null;
        return bundle is not null;
    }

    /// <summary>Whether the bundle is of this log's agent, signed by a device that is live, with a usable prekey.</summary>
    /// <remarks>Live at the head that it names, and still at the newest one: a thief of a revoked device signs bundles that name an old head.</remarks>
    public ProtocolError Verify(IdentityLog log)
    {
        if (log.Agent != Agent || !log.Contains(LogSeq, LogHead))
            return ProtocolError.LogHead;
        if (!log.AllowsAt(LogSeq, Device, KeyUsage.MessageDevice) || !log.AllowsAt(log.HeadSeq, Device, KeyUsage.MessageDevice))
            return ProtocolError.DeviceKey;
        if ((Suites & 1) == 0)
            return ProtocolError.Suite;
        if (!SigningKey.Verify(Device, Labels.SignBundle, AfHash.Hash(Labels.Bundle, _bytes.AsSpan(0, SignedSize)), Signature))
            return ProtocolError.Signature;
        return AgreementKey.IsUsable(Prekey) ? ProtocolError.None : ProtocolError.Key;
    }

    /// <summary>Writes the 160 bytes that the device signs.</summary>
    internal static void WriteSigned(
        Span<byte> bytes, AgentId agent, uint logSeq, Bytes32 logHead, Bytes32 device, uint prekeyId, Bytes32 prekey, long created, long notAfter, uint suites)
    {
        "AP\x01\x00"u8.CopyTo(bytes);
        agent.Span.CopyTo(bytes[4..]);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[36..], logSeq);
        logHead.Span.CopyTo(bytes[40..]);
        device.Span.CopyTo(bytes[72..]);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[104..], prekeyId);
        prekey.Span.CopyTo(bytes[108..]);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[140..], created);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[148..], notAfter);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[156..], suites);
    }
}
