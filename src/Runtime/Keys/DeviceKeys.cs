using System.Security.Cryptography;
using AgentFlow.Store.Sealing;

namespace AgentFlow.Keys;

/// <summary>Opens the device storage key of a store, made when it is first asked for.</summary>
internal static class DeviceKeys
{
    // Argon2id takes a quarter of a gigabyte: one at a time in a process.
    private static readonly SemaphoreSlim s_argon = new(1);

    /// <summary>The key file of a store's folder.</summary>
    public static string PathIn(string storeFolder) => Path.Combine(Path.GetFullPath(storeFolder), "keys", "device.key");

    /// <summary>Opens the key of a store's folder, or makes it. The caller disposes it.</summary>
    /// <exception cref="KeyException">It cannot be had; the message names the file and what to do.</exception>
    public static ValueTask<DeviceStorageKey> OpenAsync(string storeFolder, KeyOptions options, CancellationToken cancellationToken) =>
        OpenAsync(new DeviceKeyFolder(storeFolder), options, cancellationToken);

    /// <summary>Opens the key that lies at a place, or makes it. The caller disposes it.</summary>
    /// <exception cref="KeyException">It cannot be had; the message names the place and what to do.</exception>
    public static async ValueTask<DeviceStorageKey> OpenAsync(IDeviceKeyPlace place, KeyOptions options, CancellationToken cancellationToken)
    {
        KeyFailPoints.EnsureRegistered();
        if (await place.ReadAsync(cancellationToken).ConfigureAwait(false) is not { } file)
        {
            using var key = DeviceStorageKey.Generate();
            await place.TryCreateAsync(await SealAsync(place, key, options, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);

            // What stands counts: another process may have made it in between.
            file = await place.ReadAsync(cancellationToken).ConfigureAwait(false)
                ?? throw new KeyException("keys.unreadable", $"The {place.Description} was removed while it was made. Start again.");
        }

        if (!DeviceKeyFile.TryReadSource(file, out var source, out var error))
            throw Refused(place, source, error);
        byte[] secret = await ReadSecretAsync(place, source, options, cancellationToken).ConfigureAwait(false);
        try
        {
            var opened = await OpenAsync(file, secret, source, cancellationToken).ConfigureAwait(false);
            return opened.Key ?? throw Refused(place, source, opened.Error);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    private static async ValueTask<byte[]> SealAsync(IDeviceKeyPlace place, DeviceStorageKey key, KeyOptions options, CancellationToken cancellationToken)
    {
        var source = options.Source ?? await ChooseAsync(place, options, cancellationToken).ConfigureAwait(false);
        byte[] secret = source == KeySource.Passphrase
            ? await AskAsync(place, options, cancellationToken).ConfigureAwait(false)
            : await StoreOf(place, source, options).GetOrCreateAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return source == KeySource.Passphrase
                ? await RunArgonAsync(() => DeviceKeyFile.SealByPassphrase(key, secret, options.MemoryKiB), cancellationToken).ConfigureAwait(false)
                : DeviceKeyFile.SealBySecret(key, source, secret);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    private static async ValueTask<KeySource> ChooseAsync(IDeviceKeyPlace place, KeyOptions options, CancellationToken cancellationToken)
    {
        if (options.Passphrase is not null)
            return KeySource.Passphrase;
        bool hasService = await StoreOf(place, KeySource.OperatingSystem, options).IsAvailableAsync(cancellationToken).ConfigureAwait(false);
        return hasService ? KeySource.OperatingSystem : KeySource.MachineKey;
    }

    private static async ValueTask<byte[]> ReadSecretAsync(IDeviceKeyPlace place, KeySource source, KeyOptions options, CancellationToken cancellationToken)
    {
        if (source == KeySource.Passphrase)
            return await AskAsync(place, options, cancellationToken).ConfigureAwait(false);
        var store = StoreOf(place, source, options);
        return await store.FindAsync(cancellationToken).ConfigureAwait(false)
            ?? throw new KeyException("keys.missing", $"The {place.Description} is sealed under the secret in {store.Location}, and there is none. Bring it back from a backup, or move the store away to start anew.");
    }

    private static async ValueTask<byte[]> AskAsync(IDeviceKeyPlace place, KeyOptions options, CancellationToken cancellationToken)
    {
        if (options.Passphrase is not { } ask)
            throw new KeyException("keys.no-passphrase", $"The {place.Description} is sealed under a passphrase. Configure where it comes from.");
        byte[] passphrase = await ask(cancellationToken).ConfigureAwait(false);
        return passphrase.Length > 0 ? passphrase : throw new KeyException("keys.no-passphrase", $"The passphrase of the {place.Description} is empty. Give one.");
    }

    private static async ValueTask<(DeviceStorageKey? Key, KeyFileError Error)> OpenAsync(byte[] file, byte[] secret, KeySource source, CancellationToken cancellationToken) =>
        source == KeySource.Passphrase ? await RunArgonAsync(() => TryOpen(file, secret), cancellationToken).ConfigureAwait(false) : TryOpen(file, secret);

    private static (DeviceStorageKey? Key, KeyFileError Error) TryOpen(byte[] file, byte[] secret) =>
        DeviceKeyFile.TryOpen(file, secret, out var key, out var error) ? (key, error) : (null, error);

    private static async ValueTask<T> RunArgonAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        await s_argon.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Run(work, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            s_argon.Release();
        }
    }

    private static ISecretStore StoreOf(IDeviceKeyPlace place, KeySource source, KeyOptions options)
    {
        if (source == KeySource.OperatingSystem)
            return options.OperatingSystemStore ?? SecretToolStore.OfSession(options.TimeProvider);
        var machine = new MachineKeyFile(options.MachineKeyPath ?? MachineKeyFile.DefaultPath);
        return place.StoreFolder is { } folder && machine.Location.StartsWith(folder, StringComparison.Ordinal)
            ? throw new KeyException("keys.machine-key-inside", $"The machine key '{machine.Location}' lies in the store's folder, so a copy of the folder could be opened. Give it a path outside '{folder}'.")
            : machine;
    }

    private static KeyException Refused(IDeviceKeyPlace place, KeySource source, KeyFileError error) => error switch
    {
        KeyFileError.WrongSecret when source == KeySource.Passphrase => new("keys.wrong-passphrase", $"The passphrase does not open the {place.Description}: it is another one, or the file is damaged."),
        KeyFileError.WrongSecret => new("keys.wrong-secret", $"The {place.Description} was made on another machine or for another user, or it is damaged. Bring back the secret that it was made with."),
        KeyFileError.Version => new("keys.version", $"The {place.Description} was written by a newer version of AgentFlow. Use that."),
        KeyFileError.Parameters => new("keys.damaged", $"The {place.Description} asks for Argon2id parameters out of bounds (64 MiB to 1 GiB, 3 to 16 passes): it is damaged or forged. Restore it from a backup."),
        _ => new("keys.damaged", $"The {place.Description} is no key file of AgentFlow, or it is cut off. Restore it from a backup."),
    };
}
