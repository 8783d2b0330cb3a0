namespace AgentFlow.Hub.Tests.Helpers;

/// <summary>A directory of one test, removed with its content.</summary>
internal sealed class TestDirectory : IDisposable
{
    public TestDirectory() => Directory.CreateDirectory(Root);

    public string Root { get; } = Path.Combine(Path.GetTempPath(), "agentflow-hub-" + Guid.NewGuid().ToString("N"));

    public string Database => Path.Combine(Root, "hub.db");

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
