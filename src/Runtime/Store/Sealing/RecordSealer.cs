using System.Buffers.Binary;
using System.Security.Cryptography;
using AgentFlow.Protocol.Crypto;

namespace AgentFlow.Store.Sealing;

/// <summary>Seals and opens the rows of one scope under its storage key.</summary>
/// <remarks>
/// <para>A sealed row is <c>random 12 || ciphertext || tag 16</c> under key = MAC(storageKey, "AF1 store", u64 slot, random 12), AES-256-GCM, nonce = those 12, aad = scope 32 || u64 slot || row key.</para>
/// <para>For the history the scope is the threadId, the slot the position and the row key empty: protocol.md 2.12 to the byte. For other rows see <see cref="RecordSlot"/>;
/// the row key (a message id, a hashed name) stops one row from being put in the place of another. Every row has its own AES key, so the 12 random bytes need only be distinct within (storage key, slot).</para>
/// <para>A hashed name is the first 16 bytes of MAC(storageKey, "AF1 store", u64 slot, zero 12, name): only who has the key can guess names.</para>
/// <para>Thread-safe until disposed.</para>
/// </remarks>
internal sealed class RecordSealer : IDisposable
{
    /// <summary>How much longer a sealed row is.</summary>
    public const int Overhead = LocalAead.NonceSize + LocalAead.TagSize;

    /// <summary>The size of a hashed name.</summary>
    public const int NameSize = 16;

    private const int MaximumRowKey = 64;

    private readonly DeviceStorageKey _key;
    private readonly Bytes32 _scope;

    private RecordSealer(DeviceStorageKey key, Bytes32 scope)
    {
        _key = key;
        _scope = scope;
    }

    /// <summary>The sealer of rows that belong to no thread: scope zero, under the device storage key, of which it takes a copy.</summary>
    public static RecordSealer ForDevice(DeviceStorageKey key) => new(DeviceStorageKey.Copy(key.Span), default);

    /// <summary>The sealer of a new thread, under a random storage key.</summary>
    public static RecordSealer ForNewThread(ThreadId thread) => new(DeviceStorageKey.Generate(), thread.Value);

    /// <summary>The sealer of a thread whose wrapped key was read, or null where it does not open.</summary>
    public RecordSealer? Unwrap(AgentId agent, ThreadId thread, ReadOnlySpan<byte> wrapped)
    {
        Span<byte> rowKey = stackalloc byte[MaximumRowKey];
        if (TryOpen(RecordSlot.ThreadKey, RowKeyOf(agent, thread, rowKey), wrapped) is not { Length: DeviceStorageKey.Size } key)
            return null;
        var sealer = new RecordSealer(DeviceStorageKey.Copy(key), thread.Value);
        CryptographicOperations.ZeroMemory(key);
        return sealer;
    }

    /// <summary>The storage key of a thread's sealer, wrapped by this one.</summary>
    public byte[] Wrap(AgentId agent, ThreadId thread, RecordSealer sealer)
    {
        Span<byte> rowKey = stackalloc byte[MaximumRowKey];
        return Seal(RecordSlot.ThreadKey, RowKeyOf(agent, thread, rowKey), sealer._key.Span);
    }

    /// <summary>Seals a row.</summary>
    /// <param name="slot">The position, or the kind of row.</param>
    /// <param name="rowKey">What tells the row from others of its slot, at most 64 bytes.</param>
    /// <param name="plaintext">The content.</param>
    public byte[] Seal(ulong slot, ReadOnlySpan<byte> rowKey, ReadOnlySpan<byte> plaintext)
    {
        byte[] record = new byte[plaintext.Length + Overhead];
        var nonce = record.AsSpan(0, LocalAead.NonceSize);
        SecureRandom.Fill(nonce);
        Span<byte> key = stackalloc byte[DeviceStorageKey.Size];
        Span<byte> aad = stackalloc byte[Bytes32.Size + sizeof(ulong) + MaximumRowKey];
        DeriveKey(slot, nonce, key);
        LocalAead.Seal(key, nonce, AdditionalData(slot, rowKey, aad), plaintext, record.AsSpan(LocalAead.NonceSize));
        CryptographicOperations.ZeroMemory(key);
        return record;
    }

    /// <summary>Opens a row, or answers null where it was sealed under another key, slot or row key, or is damaged.</summary>
    public byte[]? TryOpen(ulong slot, ReadOnlySpan<byte> rowKey, ReadOnlySpan<byte> record)
    {
        if (record.Length < Overhead)
            return null;
        var nonce = record[..LocalAead.NonceSize];
        byte[] plaintext = new byte[record.Length - Overhead];
        Span<byte> key = stackalloc byte[DeviceStorageKey.Size];
        Span<byte> aad = stackalloc byte[Bytes32.Size + sizeof(ulong) + MaximumRowKey];
        DeriveKey(slot, nonce, key);
        bool isOpen = LocalAead.TryOpen(key, nonce, AdditionalData(slot, rowKey, aad), record[LocalAead.NonceSize..], plaintext);
        CryptographicOperations.ZeroMemory(key);
        return isOpen ? plaintext : null;
    }

    /// <summary>Hashes a name, so that it can be looked up and not be read.</summary>
    public byte[] HashName(ulong slot, ReadOnlySpan<byte> name)
    {
        Span<byte> prefix = stackalloc byte[sizeof(ulong) + LocalAead.NonceSize];
        prefix.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, slot);
        Span<byte> hash = stackalloc byte[Bytes32.Size];
        AfHash.Mac(_key.Span, Labels.Store, prefix, name, default, hash);
        return hash[..NameSize].ToArray();
    }

    /// <summary>Zeroes the key.</summary>
    public void Dispose() => _key.Dispose();

    private void DeriveKey(ulong slot, ReadOnlySpan<byte> nonce, Span<byte> key)
    {
        Span<byte> number = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(number, slot);
        AfHash.Mac(_key.Span, Labels.Store, number, nonce, default, key);
    }

    private ReadOnlySpan<byte> AdditionalData(ulong slot, ReadOnlySpan<byte> rowKey, Span<byte> buffer)
    {
        _scope.Span.CopyTo(buffer);
        BinaryPrimitives.WriteUInt64LittleEndian(buffer[Bytes32.Size..], slot);
        rowKey.CopyTo(buffer[(Bytes32.Size + sizeof(ulong))..]);
        return buffer[..(Bytes32.Size + sizeof(ulong) + rowKey.Length)];
    }

    private static ReadOnlySpan<byte> RowKeyOf(AgentId agent, ThreadId thread, Span<byte> buffer)
    {
        agent.Span.CopyTo(buffer);
        thread.Span.CopyTo(buffer[Bytes32.Size..]);
        return buffer[..(2 * Bytes32.Size)];
    }
}
