namespace AgentFlow.Keys;

/// <summary>The device key file of a store that is a folder: <c>keys/device.key</c> in it.</summary>
internal sealed class DeviceKeyFolder(string storeFolder) : IDeviceKeyPlace
{
    private readonly string _path = DeviceKeys.PathIn(storeFolder);

    public string Description => $"key file '{_path}'";

    public string StoreFolder { get; } = Path.TrimEndingDirectorySeparator(Path.GetFullPath(storeFolder)) + Path.DirectorySeparatorChar;

    public ValueTask<byte[]?> ReadAsync(CancellationToken cancellationToken) => ValueTask.FromResult(PrivateFile.Read(_path));

    public ValueTask TryCreateAsync(ReadOnlyMemory<byte> file, CancellationToken cancellationToken)
    {
        PrivateFile.TryCreate(_path, file.Span);
        return ValueTask.CompletedTask;
    }
}
