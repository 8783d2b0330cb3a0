namespace AgentFlow.Keys;

/// <summary>How the private keys of a process are protected at rest.</summary>
internal sealed record KeyOptions
{
    /// <summary>256 MiB: what Argon2id takes by default.</summary>
    public const int DefaultMemoryKiB = 256 << 10;

    /// <summary>64 MiB: the least that is accepted, for small machines and tests.</summary>
    public const int SmallMemoryKiB = 64 << 10;

    /// <summary>What a new device key file is sealed under. One that stands says it itself.</summary>
    /// <value>The default, null, takes the passphrase where one is configured, else the operating system's secret store where one answers, else the machine key.
    /// Name the machine key for a process that later runs without a desktop session.</value>
    public KeySource? Source { get; init; }

    /// <summary>Where the machine key lies; outside the stores' folders.</summary>
    /// <value>The default, null, is <see cref="MachineKeyFile.DefaultPath"/>.</value>
    public string? MachineKeyPath { get; init; }

    /// <summary>Asks for the passphrase, as UTF-8; the bytes are zeroed after use. Null where there is none.</summary>
    public Func<CancellationToken, ValueTask<byte[]>>? Passphrase { get; init; }

    /// <summary>The memory of Argon2id for a new file, in KiB.</summary>
    /// <value>The default is 262,144 (256 MiB); from 65,536 to 1,048,576.</value>
    public int MemoryKiB { get; init; } = DefaultMemoryKiB;

    /// <summary>The secret store of the operating system, replaced in tests.</summary>
    public ISecretStore? OperatingSystemStore { get; init; }

    /// <summary>The clock of time-outs.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
