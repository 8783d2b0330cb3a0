using AgentFlow.Protocol.Hub;
using AgentFlow.Storage;

namespace AgentFlow.Hub.PostgreSql.Connections;

/// <summary>What a failure of the database means for a caller of the hub.</summary>
internal static class HubAnswers
{
    public static HubStatus Of(StorageErrorKind kind) => kind switch
    {
        StorageErrorKind.Busy => HubStatus.Busy,
        StorageErrorKind.Corrupt => HubStatus.Corrupt,
        StorageErrorKind.TooLarge => HubStatus.TooLarge,
        _ => HubStatus.Unavailable,
    };
}
