using System.Buffers.Binary;
using System.Security.Cryptography;
using AgentFlow.Protocol.Crypto;

namespace AgentFlow.Keys;

/// <summary>The secret in a file of mode 0600 outside the stores' folders: who copies a store alone cannot open it. Who reads this user's files can.</summary>
/// <remarks>Format, 48 bytes: "AFMK", version u8 = 1, zero 3, key 32, check 8 = the first 8 bytes of MAC(key, "AF1 store", u64 2^64 - 1), which tells a damaged file from a good one.</remarks>
internal sealed class MachineKeyFile(string path) : ISecretStore
{
    private const int HeaderSize = 8;
    private const int KeySize = 32;
    private const int CheckSize = 8;

    /// <inheritdoc/>
    public KeySource Source => KeySource.MachineKey;

    /// <inheritdoc/>
    public string Location { get; } = Path.GetFullPath(path);

    /// <summary><c>agentflow/machine.key</c> in the user's data folder: <c>$XDG_DATA_HOME</c>, else <c>~/.local/share</c>.</summary>
    /// <exception cref="KeyException">The user has no such folder.</exception>
    public static string DefaultPath
    {
        get
        {
            string data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
            return data.Length > 0
                ? Path.Combine(data, "agentflow", "machine.key")
                : throw new KeyException("keys.no-home", "This user has no home folder for the machine key. Set HOME or XDG_DATA_HOME, or give the path of the machine key.");
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> IsAvailableAsync(CancellationToken cancellationToken) => ValueTask.FromResult(true);

    /// <inheritdoc/>
    public ValueTask<byte[]?> FindAsync(CancellationToken cancellationToken) => ValueTask.FromResult(Read());

    /// <inheritdoc/>
    public ValueTask<byte[]> GetOrCreateAsync(CancellationToken cancellationToken)
    {
        if (Read() is { } standing)
            return ValueTask.FromResult(standing);
        Span<byte> content = stackalloc byte[HeaderSize + KeySize + CheckSize];
        "AFMK\x01\0\0\0"u8.CopyTo(content);
        var key = content.Slice(HeaderSize, KeySize);
        SecureRandom.Fill(key);
        WriteCheck(key, content[(HeaderSize + KeySize)..]);
        PrivateFile.TryCreate(Location, content);
        CryptographicOperations.ZeroMemory(content);
        return ValueTask.FromResult(Read() ?? throw new KeyException("keys.unreadable", $"The machine key '{Location}' was removed while it was made. Start again."));
    }

    private byte[]? Read()
    {
        if (PrivateFile.Read(Location) is not { } content)
            return null;
        Span<byte> check = stackalloc byte[CheckSize];
        if (content.Length != HeaderSize + KeySize + CheckSize || !content.AsSpan().StartsWith("AFMK"u8))
            throw Damaged("it is no machine key");
        if (!content.AsSpan(4, 4).SequenceEqual("\x01\0\0\0"u8))
            throw Damaged("a newer version wrote it");
        WriteCheck(content.AsSpan(HeaderSize, KeySize), check);
        if (!CryptographicOperations.FixedTimeEquals(check, content.AsSpan(HeaderSize + KeySize)))
            throw Damaged("its check does not fit");
        byte[] key = content.AsSpan(HeaderSize, KeySize).ToArray();
        CryptographicOperations.ZeroMemory(content);
        return key;
    }

    private static void WriteCheck(ReadOnlySpan<byte> key, Span<byte> check)
    {
        Span<byte> slot = stackalloc byte[sizeof(ulong)];
        Span<byte> mac = stackalloc byte[Bytes32.Size];
        BinaryPrimitives.WriteUInt64LittleEndian(slot, ulong.MaxValue);
        AfHash.Mac(key, Labels.Store, slot, default, default, mac);
        mac[..CheckSize].CopyTo(check);
    }

    private KeyException Damaged(string why) =>
        new("keys.damaged", $"The machine key '{Location}' cannot be used: {why}. Restore it from a backup; without it the stores that were made with it stay closed.");
}
