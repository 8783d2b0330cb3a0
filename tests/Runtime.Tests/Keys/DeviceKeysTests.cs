using System.Runtime.Versioning;
using System.Text;
using AgentFlow.Keys;

namespace AgentFlow.Runtime.Tests.Keys;

/// <summary>The store's key: made once, sealed at rest, refused with a remedy.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class DeviceKeysTests : IDisposable
{
    private readonly KeyFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private KeyOptions Machine => new() { Source = KeySource.MachineKey, MachineKeyPath = _folder.MachineKey };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_same_key_comes_back_under_the_machine_key()
    {
        byte[] first = await OpenAsync(Machine);
        Assert.Equal(first, await OpenAsync(Machine));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.MachineKey));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.DeviceKey));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(_folder.DeviceKey)!));
        Assert.Empty(Store.FileScan.Find(_folder.Root, first));
    }

    [Fact]
    public async Task Of_many_that_make_the_key_at_once_all_get_the_same()
    {
        byte[][] keys = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => OpenAsync(Machine))));
        Assert.All(keys, key => Assert.Equal(keys[0], key));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(_folder.DeviceKey)!));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(_folder.MachineKey)!));
    }

    [Fact]
    public async Task A_passphrase_opens_the_key_and_another_does_not()
    {
        byte[] first = await OpenAsync(Passphrase("correct horse"));
        Assert.Equal(first, await OpenAsync(Passphrase("correct horse")));
        Assert.Equal("keys.wrong-passphrase", (await RefusedAsync(Passphrase("battery staple"))).Code);
        Assert.Equal("keys.no-passphrase", (await RefusedAsync(Machine)).Code);
        Assert.Equal("keys.no-passphrase", (await RefusedAsync(Passphrase(""))).Code);
    }

    [Fact]
    public async Task By_default_a_new_key_asks_the_keyring_and_then_the_machine_key()
    {
        var keyring = new FakeKeyring();
        byte[] first = await OpenAsync(new KeyOptions { OperatingSystemStore = keyring, MachineKeyPath = _folder.MachineKey });
        Assert.False(File.Exists(_folder.MachineKey));
        Assert.Equal(first, await OpenAsync(new KeyOptions { OperatingSystemStore = keyring, Source = KeySource.MachineKey }));
        Assert.Equal("keys.missing", (await RefusedAsync(new KeyOptions { OperatingSystemStore = new FakeKeyring() })).Code);

        using var headless = new KeyFolder();
        await DeviceKeys.OpenAsync(headless.Store, new KeyOptions { OperatingSystemStore = new FakeKeyring { IsAvailable = false }, MachineKeyPath = headless.MachineKey }, Cancel);
        Assert.True(File.Exists(headless.MachineKey));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    public async Task A_key_file_that_others_may_open_is_refused_with_the_command_that_closes_it(UnixFileMode extra)
    {
        await OpenAsync(Machine);
        foreach (string file in (string[])[_folder.DeviceKey, _folder.MachineKey])
        {
            var mode = File.GetUnixFileMode(file);
            File.SetUnixFileMode(file, mode | extra);
            var e = await RefusedAsync(Machine);
            Assert.Equal("keys.open-to-others", e.Code);
            Assert.Contains($"chmod 600 '{file}'", e.Message, StringComparison.Ordinal);
            File.SetUnixFileMode(file, mode);
        }
    }

    [Fact]
    public async Task A_key_folder_that_others_may_enter_is_refused_with_the_command_that_closes_it()
    {
        string keys = Path.GetDirectoryName(_folder.DeviceKey)!;
        Directory.CreateDirectory(keys);
        File.SetUnixFileMode(keys, File.GetUnixFileMode(keys) | UnixFileMode.GroupRead | UnixFileMode.GroupExecute);
        Assert.Contains($"chmod 700 '{keys}'", (await RefusedAsync(Machine)).Message, StringComparison.Ordinal);
        File.SetUnixFileMode(keys, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await OpenAsync(Machine);
        File.SetUnixFileMode(keys, File.GetUnixFileMode(keys) | UnixFileMode.OtherExecute);
        Assert.Equal("keys.open-to-others", (await RefusedAsync(Machine)).Code);
    }

    [Fact]
    public async Task A_machine_key_inside_the_store_is_refused()
    {
        var e = await RefusedAsync(new KeyOptions { Source = KeySource.MachineKey, MachineKeyPath = Path.Combine(_folder.Store, "machine.key") });
        Assert.Equal("keys.machine-key-inside", e.Code);
    }

    [Fact]
    public async Task A_lost_or_foreign_machine_key_is_told_and_not_replaced()
    {
        await OpenAsync(Machine);
        File.Delete(_folder.MachineKey);
        Assert.Equal("keys.missing", (await RefusedAsync(Machine)).Code);
        Assert.False(File.Exists(_folder.MachineKey));
        using var other = new KeyFolder();
        await DeviceKeys.OpenAsync(other.Store, new KeyOptions { Source = KeySource.MachineKey, MachineKeyPath = _folder.MachineKey }, Cancel);
        Assert.Equal("keys.wrong-secret", (await RefusedAsync(Machine)).Code);
    }

    [Fact]
    public async Task A_damaged_machine_key_is_told_at_every_byte_and_length()
    {
        await OpenAsync(Machine);
        byte[] good = await File.ReadAllBytesAsync(_folder.MachineKey, Cancel);
        for (int i = 0; i < good.Length; i++)
        {
            byte[] bad = [.. good];
            bad[i] ^= 0x10;
            Write(_folder.MachineKey, bad);
            Assert.Equal("keys.damaged", (await RefusedAsync(Machine)).Code);
            Write(_folder.MachineKey, good[..i]);
            Assert.Equal("keys.damaged", (await RefusedAsync(Machine)).Code);
        }

        Write(_folder.MachineKey, new byte[5000]);
        Assert.Equal("keys.damaged", (await RefusedAsync(Machine)).Code);
    }

    [Fact]
    public async Task What_a_killed_process_left_is_cleared_away_when_the_key_is_made()
    {
        await OpenAsync(Machine);
        File.Delete(_folder.DeviceKey);
        Write(_folder.DeviceKey + ".0123456789abcdef.tmp", [1, 2, 3]);
        await OpenAsync(Machine);
        Assert.Equal(_folder.DeviceKey, Assert.Single(Directory.GetFiles(Path.GetDirectoryName(_folder.DeviceKey)!)));
    }

    private static KeyOptions Passphrase(string passphrase) =>
        new() { Passphrase = _ => ValueTask.FromResult(Encoding.UTF8.GetBytes(passphrase)), MemoryKiB = KeyOptions.SmallMemoryKiB };

    private static void Write(string path, byte[] content)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
        using var stream = new FileStream(path, options);
        stream.Write(content);
    }

    private async Task<byte[]> OpenAsync(KeyOptions options)
    {
        using var key = await DeviceKeys.OpenAsync(_folder.Store, options, Cancel);
        return key.Span.ToArray();
    }

    private async Task<KeyException> RefusedAsync(KeyOptions options) =>
        await Assert.ThrowsAsync<KeyException>(async () => await DeviceKeys.OpenAsync(_folder.Store, options, Cancel));

    private sealed class FakeKeyring : ISecretStore
    {
        private byte[]? _secret;

        public bool IsAvailable { get; init; } = true;

        public KeySource Source => KeySource.OperatingSystem;

        public string Location => "a keyring";

        public ValueTask<bool> IsAvailableAsync(CancellationToken cancellationToken) => ValueTask.FromResult(IsAvailable);

        public ValueTask<byte[]?> FindAsync(CancellationToken cancellationToken) => ValueTask.FromResult(_secret?.ToArray());

        public ValueTask<byte[]> GetOrCreateAsync(CancellationToken cancellationToken) => ValueTask.FromResult((_secret ??= Store.StoreData.Bytes(32)).ToArray());
    }
}
