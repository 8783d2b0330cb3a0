using AgentFlow.Engine;

namespace AgentFlow.FrontDoor;

/// <summary>What the front door works with while the runtime runs.</summary>
internal sealed class RunningFlow(EngineServices engine, EngineParts parts, ThreadStarter starter, Voter voter, HostedAgent app)
{
    public EngineServices Engine { get; } = engine;

    public EngineParts Parts { get; } = parts;

    public ThreadStarter Starter { get; } = starter;

    public Voter Voter { get; } = voter;

    public ThreadReader Reader { get; } = new(engine, app.Id);

    public AgentId App => app.Id;
}

/// <summary>Tells whether the runtime runs.</summary>
internal interface IRunningFlow
{
    /// <summary>What runs.</summary>
    /// <exception cref="InvalidOperationException">The runtime has not started, or has stopped.</exception>
    RunningFlow Running { get; }
}
