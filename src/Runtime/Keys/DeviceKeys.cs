using System.Security.Cryptography;
using AgentFlow.Store.Sealing;

namespace AgentFlow.Keys;

/// <summary>Opens the device storage key of a store's folder: <c>keys/device.key</c> in it, made when it is first asked for.</summary>
internal static class DeviceKeys
{
    // Argon2id takes a quarter of a gigabyte: one at a time in a process.
    private static readonly SemaphoreSlim s_argon = new(1);

    /// <summary>The key file of a store's folder.</summary>
    public static string PathIn(string storeFolder) => Path.Combine(Path.GetFullPath(storeFolder), "keys", "device.key");

    /// <summary>Opens the key, or makes it. The caller disposes it.</summary>
    /// <exception cref="KeyException">It cannot be had; the message names the file and what to do.</exception>
    public static async ValueTask<DeviceStorageKey> OpenAsync(string storeFolder, KeyOptions options, CancellationToken cancellationToken)
    {
        KeyFailPoints.EnsureRegistered();
        string path = PathIn(storeFolder);
        if (PrivateFile.Read(path) is not { } file)
        {
            using var key = DeviceStorageKey.Generate();
            PrivateFile.TryCreate(path, await SealAsync(storeFolder, key, options, cancellationToken).ConfigureAwait(false));

            // What stands counts: another process may have made it in between.
            file = PrivateFile.Read(path) ?? throw new KeyException("keys.unreadable", $"The key file '{path}' was removed while it was made. Start again.");
        }

        if (!DeviceKeyFile.TryReadSource(file, out var source, out var error))
            throw Refused(path, source, error);
        byte[] secret = await ReadSecretAsync(path, storeFolder, source, options, cancellationToken).ConfigureAwait(false);
        try
        {
            var opened = await OpenAsync(file, secret, source, cancellationToken).ConfigureAwait(false);
            return opened.Key ?? throw Refused(path, source, opened.Error);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    private static async ValueTask<byte[]> SealAsync(string storeFolder, DeviceStorageKey key, KeyOptions options, CancellationToken cancellationToken)
    {
        var source = options.Source ?? await ChooseAsync(storeFolder, options, cancellationToken).ConfigureAwait(false);
        byte[] secret = source == KeySource.Passphrase
            ? await AskAsync(PathIn(storeFolder), options, cancellationToken).ConfigureAwait(false)
            : await StoreOf(storeFolder, source, options).GetOrCreateAsync(cancellationToken).ConfigureAwait(false);
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

    private static async ValueTask<KeySource> ChooseAsync(string storeFolder, KeyOptions options, CancellationToken cancellationToken)
    {
        if (options.Passphrase is not null)
            return KeySource.Passphrase;
        bool hasService = await StoreOf(storeFolder, KeySource.OperatingSystem, options).IsAvailableAsync(cancellationToken).ConfigureAwait(false);
        return hasService ? KeySource.OperatingSystem : KeySource.MachineKey;
    }

    private static async ValueTask<byte[]> ReadSecretAsync(string path, string storeFolder, KeySource source, KeyOptions options, CancellationToken cancellationToken)
    {
        if (source == KeySource.Passphrase)
            return await AskAsync(path, options, cancellationToken).ConfigureAwait(false);
        var store = StoreOf(storeFolder, source, options);
        return await store.FindAsync(cancellationToken).ConfigureAwait(false)
            ?? throw new KeyException("keys.missing", $"The key file '{path}' is sealed under the secret in {store.Location}, and there is none. Bring it back from a backup, or move the store away to start anew.");
    }

    private static async ValueTask<byte[]> AskAsync(string path, KeyOptions options, CancellationToken cancellationToken)
    {
        if (options.Passphrase is not { } ask)
            throw new KeyException("keys.no-passphrase", $"The key file '{path}' is sealed under a passphrase. Configure where it comes from.");
        byte[] passphrase = await ask(cancellationToken).ConfigureAwait(false);
        return passphrase.Length > 0 ? passphrase : throw new KeyException("keys.no-passphrase", $"The passphrase of '{path}' is empty. Give one.");
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

    private static ISecretStore StoreOf(string storeFolder, KeySource source, KeyOptions options)
    {
        if (source == KeySource.OperatingSystem)
            return options.OperatingSystemStore ?? SecretToolStore.OfSession(options.TimeProvider);
        var machine = new MachineKeyFile(options.MachineKeyPath ?? MachineKeyFile.DefaultPath);
        string folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(storeFolder)) + Path.DirectorySeparatorChar;
        return machine.Location.StartsWith(folder, StringComparison.Ordinal)
            ? throw new KeyException("keys.machine-key-inside", $"The machine key '{machine.Location}' lies in the store's folder, so a copy of the folder could be opened. Give it a path outside '{folder}'.")
            : machine;
    }

    private static KeyException Refused(string path, KeySource source, KeyFileError error) => error switch
    {
        KeyFileError.WrongSecret when source == KeySource.Passphrase => new("keys.wrong-passphrase", $"The passphrase does not open the key file '{path}': it is another one, or the file is damaged."),
        KeyFileError.WrongSecret => new("keys.wrong-secret", $"The key file '{path}' was made on another machine or for another user, or it is damaged. Bring back the secret that it was made with."),
        KeyFileError.Version => new("keys.version", $"The key file '{path}' was written by a newer version of AgentFlow. Use that."),
        KeyFileError.Parameters => new("keys.damaged", $"The key file '{path}' asks for Argon2id parameters out of bounds (64 MiB to 1 GiB, 3 to 16 passes): it is damaged or forged. Restore it from a backup."),
        _ => new("keys.damaged", $"'{path}' is no key file of AgentFlow, or it is cut off. Restore it from a backup."),
    };
}
