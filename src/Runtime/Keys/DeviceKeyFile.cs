using System.Buffers.Binary;
using System.Security.Cryptography;
using AgentFlow.Protocol.Crypto;
using AgentFlow.Store.Sealing;

namespace AgentFlow.Keys;

/// <summary>Why a device key file was refused. Hostile bytes are answered with one of these.</summary>
internal enum KeyFileError
{
    /// <summary>It was not refused.</summary>
    None = 0,

    /// <summary>It is no device key file, or it is cut off.</summary>
    Format,

    /// <summary>A newer version wrote it, or it names an unknown source.</summary>
    Version,

    /// <summary>Its Argon2id parameters are below 64 MiB or three passes, or above 1 GiB or 16.</summary>
    Parameters,

    /// <summary>The secret is another one, the passphrase is wrong, or the file is damaged: these look alike.</summary>
    WrongSecret,
}

/// <summary>The device storage key of a store, sealed under a passphrase or a secret store's secret.</summary>
/// <remarks>
/// Format, 91 bytes, little-endian; the header is laid out as the backup header of protocol.md 2.12: "AFDK" 4, version u8 = 1, source u8, m KiB u32, t u32, p u8, salt 16, nonce 12;
/// then the 32-byte key, AES-256-GCM with the header as aad. Source 1: the sealing key is Argon2id(passphrase, salt), p = 1. Sources 2 and 3: m, t and p are zero and the sealing key
/// is MAC(secret, "AF1 store", u64 2^64 - 2, salt). The salt is random, so each file has its own sealing key.
/// </remarks>
internal static class DeviceKeyFile
{
    /// <summary>The size in bytes.</summary>
    public const int Size = HeaderSize + DeviceStorageKey.Size + LocalAead.TagSize;

    private const int HeaderSize = 43;
    private const int Passes = 3;
    private const int MaximumPasses = 16;
    private const int MaximumMemoryKiB = 1 << 20;

    /// <summary>Seals a key under a passphrase (UTF-8).</summary>
    public static byte[] SealByPassphrase(DeviceStorageKey key, ReadOnlySpan<byte> passphrase, int memoryKiB)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(memoryKiB, KeyOptions.SmallMemoryKiB);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(memoryKiB, MaximumMemoryKiB);
        return Seal(key, KeySource.Passphrase, passphrase, memoryKiB, Passes, 1);
    }

    /// <summary>Seals a key under the secret of a store.</summary>
    public static byte[] SealBySecret(DeviceStorageKey key, KeySource source, ReadOnlySpan<byte> secret) => Seal(key, source, secret, 0, 0, 0);

    /// <summary>Reads what a file is sealed under.</summary>
    public static bool TryReadSource(ReadOnlySpan<byte> file, out KeySource source, out KeyFileError error)
    {
        source = default;
        if (file.Length != Size || !file.StartsWith("AFDK"u8))
        {
            error = KeyFileError.Format;
            return false;
        }

        source = (KeySource)file[5];
        error = file[4] != 1 || !Enum.IsDefined(source) ? KeyFileError.Version : HasLegalParameters(file, source) ? KeyFileError.None : KeyFileError.Parameters;
        return error == KeyFileError.None;
    }

    /// <summary>Opens a file with the passphrase or secret of its source.</summary>
    public static bool TryOpen(ReadOnlySpan<byte> file, ReadOnlySpan<byte> secret, out DeviceStorageKey? key, out KeyFileError error)
    {
        key = null;
        if (!TryReadSource(file, out var source, out error))
            return false;
        Span<byte> sealing = stackalloc byte[DeviceStorageKey.Size];
        Span<byte> bytes = stackalloc byte[DeviceStorageKey.Size];
        DeriveSealingKey(file, source, secret, sealing);
        if (LocalAead.TryOpen(sealing, Nonce(file), file[..HeaderSize], file[HeaderSize..], bytes))
            key = DeviceStorageKey.Copy(bytes);
        else
            error = KeyFileError.WrongSecret;
        CryptographicOperations.ZeroMemory(sealing);
        CryptographicOperations.ZeroMemory(bytes);
        return key is not null;
    }

    private static byte[] Seal(DeviceStorageKey key, KeySource source, ReadOnlySpan<byte> secret, int memoryKiB, int passes, byte parallelism)
    {
        byte[] file = new byte[Size];
        "AFDK\x01"u8.CopyTo(file);
        file[5] = (byte)source;
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(6), memoryKiB);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(10), passes);
        file[14] = parallelism;
        SecureRandom.Fill(file.AsSpan(15, HeaderSize - 15));
        Span<byte> sealing = stackalloc byte[DeviceStorageKey.Size];
        DeriveSealingKey(file, source, secret, sealing);
        LocalAead.Seal(sealing, Nonce(file), file.AsSpan(0, HeaderSize), key.Span, file.AsSpan(HeaderSize));
        CryptographicOperations.ZeroMemory(sealing);
        return file;
    }

    private static bool HasLegalParameters(ReadOnlySpan<byte> file, KeySource source)
    {
        int memory = BinaryPrimitives.ReadInt32LittleEndian(file[6..]);
        int passes = BinaryPrimitives.ReadInt32LittleEndian(file[10..]);
        return source == KeySource.Passphrase
            ? memory is >= KeyOptions.SmallMemoryKiB and <= MaximumMemoryKiB && passes is >= Passes and <= MaximumPasses && file[14] == 1
            : memory == 0 && passes == 0 && file[14] == 0;
    }

    private static void DeriveSealingKey(ReadOnlySpan<byte> file, KeySource source, ReadOnlySpan<byte> secret, Span<byte> key)
    {
        var salt = file.Slice(15, PasswordHash.SaltSize);
        if (source == KeySource.Passphrase)
        {
            PasswordHash.Argon2id(secret, salt, BinaryPrimitives.ReadInt32LittleEndian(file[6..]), BinaryPrimitives.ReadInt32LittleEndian(file[10..]), key);
            return;
        }

        Span<byte> slot = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(slot, ulong.MaxValue - 1);
        AfHash.Mac(secret, Labels.Store, slot, salt, default, key);
    }

    private static ReadOnlySpan<byte> Nonce(ReadOnlySpan<byte> file) => file[31..HeaderSize];
}
