namespace AgentFlow.Keys;

/// <summary>Where the sealed device key file of a store lies. What is created first stays.</summary>
internal interface IDeviceKeyPlace
{
    /// <summary>What it is called in messages, after "the".</summary>
    string Description { get; }

    /// <summary>The folder of the store, in which its machine key must not lie, or null where it has none.</summary>
    string? StoreFolder => null;

    /// <summary>Reads the file, or null where there is none.</summary>
    /// <exception cref="KeyException">It cannot be read.</exception>
    ValueTask<byte[]?> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Puts the file there, durably, unless one stands.</summary>
    /// <exception cref="KeyException">It cannot be written.</exception>
    ValueTask TryCreateAsync(ReadOnlyMemory<byte> file, CancellationToken cancellationToken);
}
