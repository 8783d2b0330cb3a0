using AgentFlow.Protocol.Hub;

namespace AgentFlow.Hub.Stores;

/// <summary>How one operation ended: its result, or the status that fails the commit with what stands there now.</summary>
internal readonly record struct OpResult(HubStatus Status, long Value)
{
    public bool IsOk => Status == HubStatus.Ok;

    public bool IsRepetition { get; init; }

    public static OpResult Ok(long value = 0) => new(HubStatus.Ok, value);

    public static OpResult Failed(HubStatus status, long current = 0) => new(status, current);
}
