using System.Collections.Concurrent;

namespace AgentFlow.Runtime.Tests.Train;

/// <summary>What a test sees of the train's agents, and where it makes them fail.</summary>
public sealed class TrainProbe
{
    private readonly ConcurrentQueue<string> _deployed = new();

    /// <summary>Asked each time that an agent handles; throws to make it fail.</summary>
    public Action<string, int>? OnHandle { get; set; }

    /// <summary>Called with the key of each switch of the deployment.</summary>
    public Action<string>? OnDeploy { get; set; }

    public ConcurrentQueue<(string Agent, int Attempt)> Handled { get; } = new();

    public IReadOnlyCollection<string> DeployKeys => _deployed;

    public void Note(string agent, int attempt)
    {
        Handled.Enqueue((agent, attempt));
        OnHandle?.Invoke(agent, attempt);
    }

    public string Deploy(StepKey key, string version)
    {
        _ = version;
        _deployed.Enqueue(key.ToString());
        OnDeploy?.Invoke(key.ToString());
        return key.ToString();
    }
}
