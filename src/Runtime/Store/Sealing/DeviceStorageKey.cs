using System.Security.Cryptography;

namespace AgentFlow.Store.Sealing;

/// <summary>The one key that a store is sealed under: it wraps the storage key of every thread and seals the rows of agents and peers. <c>AgentFlow.Keys</c> keeps it.</summary>
/// <remarks>The bytes lie in pinned memory, so that the garbage collector leaves no copies behind, and are zeroed on disposal. Thread-safe until disposed.</remarks>
internal sealed class DeviceStorageKey : IDisposable
{
    /// <summary>The size in bytes.</summary>
    public const int Size = 32;

    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(Size, pinned: true);
    private bool _isDisposed;

    private DeviceStorageKey()
    {
    }

    /// <summary>The bytes.</summary>
    /// <exception cref="ObjectDisposedException">The key was disposed.</exception>
    public ReadOnlySpan<byte> Span
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _bytes;
        }
    }

    /// <summary>Makes a random key.</summary>
    public static DeviceStorageKey Generate()
    {
        var key = new DeviceStorageKey();
        RandomNumberGenerator.Fill(key._bytes);
        return key;
    }

    /// <summary>Copies exactly 32 bytes.</summary>
    /// <exception cref="ArgumentException">The length is not 32.</exception>
    public static DeviceStorageKey Copy(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
            throw new ArgumentException($"A device storage key has {Size} bytes, not {bytes.Length}.", nameof(bytes));
        var key = new DeviceStorageKey();
        bytes.CopyTo(key._bytes);
        return key;
    }

    /// <summary>Zeroes the bytes.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        CryptographicOperations.ZeroMemory(_bytes);
    }
}
