namespace AgentFlow.Runtime.Tests.Peers;

/// <summary>A contract that refuses some of its values, as people write them.</summary>
[Message("guard.order")]
public sealed partial record GuardOrder(int Level)
{
    public int Level { get; init; } = Level > 0 ? Level : throw new ArgumentOutOfRangeException(nameof(Level));
}

[Message("guard.done"), EndsThread]
public sealed partial record GuardDone(int Level);

[Agent("guard")]
public sealed class GuardAgent
{
    public GuardDone Handle(GuardOrder message) => new(message.Level);
}
