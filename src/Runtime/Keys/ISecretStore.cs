namespace AgentFlow.Keys;

/// <summary>Holds one random secret of 32 bytes for this user and machine, under which the device key files of stores are sealed.</summary>
internal interface ISecretStore
{
    /// <summary>What a device key file names this store by.</summary>
    KeySource Source { get; }

    /// <summary>Where the secret lies, for messages.</summary>
    string Location { get; }

    /// <summary>Whether the store answers on this machine and session.</summary>
    ValueTask<bool> IsAvailableAsync(CancellationToken cancellationToken);

    /// <summary>Reads the secret, or null where none was made. The caller zeroes it.</summary>
    /// <exception cref="KeyException">It cannot be read.</exception>
    ValueTask<byte[]?> FindAsync(CancellationToken cancellationToken);

    /// <summary>Reads the secret and makes it first where none was made. Of two processes that make it at once, both get the same. The caller zeroes it.</summary>
    /// <exception cref="KeyException">It cannot be read or made.</exception>
    ValueTask<byte[]> GetOrCreateAsync(CancellationToken cancellationToken);
}

/// <summary>What a device key file is sealed under. The numbers are part of its format.</summary>
internal enum KeySource : byte
{
    /// <summary>A passphrase, by Argon2id.</summary>
    Passphrase = 1,

    /// <summary>A key file of the machine.</summary>
    MachineKey = 2,

    /// <summary>The secret store of the operating system.</summary>
    OperatingSystem = 3,
}
