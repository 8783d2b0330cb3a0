namespace AgentFlow.Storage.Tests;

/// <summary>A directory of one test, removed with its content.</summary>
internal sealed class TestDirectory : IDisposable
{
    public TestDirectory() => Directory.CreateDirectory(Root);

    public string Root { get; } = Path.Combine(Path.GetTempPath(), "agentflow-storage-" + Guid.NewGuid().ToString("N"));

    public string Database => Path.Combine(Root, "data", "test.db");

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
