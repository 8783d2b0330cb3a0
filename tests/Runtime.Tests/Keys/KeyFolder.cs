namespace AgentFlow.Runtime.Tests.Keys;

/// <summary>A private folder of one test with a store's folder and a machine key beside it.</summary>
internal sealed class KeyFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("agentflow-keys-").FullName;

    public string Store => Path.Combine(Root, "store");

    public string MachineKey => Path.Combine(Root, "machine", "machine.key");

    public string DeviceKey => Path.Combine(Store, "keys", "device.key");

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
