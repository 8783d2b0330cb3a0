using AgentFlow.Protocol.Hub;

namespace AgentFlow.Wire.Statuses;

/// <summary>What the hub answers, as a status code, as the reason of the details, and as a sentence.</summary>
internal static class RefusalCodes
{
    private static readonly (HubStatus Status, GrpcStatusCode Code, string Reason, string Sentence)[] s_rows =
    [
        (HubStatus.Busy, GrpcStatusCode.ResourceExhausted, "BUSY", "The queue of the hub is full: try again after a pause."),
        (HubStatus.Unavailable, GrpcStatusCode.Unavailable, "UNAVAILABLE", "The store did not answer: the outcome is unknown, so repeat with the same id."),
        (HubStatus.Conflict, GrpcStatusCode.Aborted, "CONFLICT", "Something else was written in between."),
        (HubStatus.IdConflict, GrpcStatusCode.AlreadyExists, "ID_CONFLICT", "The message id was used before for other bytes."),
        (HubStatus.StaleEpoch, GrpcStatusCode.FailedPrecondition, "STALE_EPOCH", "The envelope was sealed in an epoch that is not the current one."),
        (HubStatus.NotMember, GrpcStatusCode.PermissionDenied, "NOT_MEMBER", "The caller or the envelope's device is no member of the thread."),
        (HubStatus.Invalid, GrpcStatusCode.InvalidArgument, "INVALID", "The bytes fail a public check."),
        (HubStatus.Fenced, GrpcStatusCode.FailedPrecondition, "FENCED", "A newer owner holds the lease."),
        (HubStatus.CrossShard, GrpcStatusCode.InvalidArgument, "CROSS_SHARD", "The operations of one commit belong to different shards."),
        (HubStatus.TooLarge, GrpcStatusCode.ResourceExhausted, "TOO_LARGE", "The message, envelope or blob exceeds its limit."),
        (HubStatus.Closed, GrpcStatusCode.FailedPrecondition, "CLOSED", "The thread takes no more envelopes."),
        (HubStatus.Corrupt, GrpcStatusCode.DataLoss, "CORRUPT", "The store found its own data damaged."),
        (HubStatus.NotFound, GrpcStatusCode.NotFound, "NOT_FOUND", "The thread, agent, name or blob is not known."),
        (HubStatus.Unauthenticated, GrpcStatusCode.Unauthenticated, "UNAUTHENTICATED", "The caller has not proved who it is: log in, by Challenge and Login."),
        (HubStatus.Denied, GrpcStatusCode.PermissionDenied, "DENIED", "The caller may not do this, or not for this agent."),
    ];

    public static GrpcStatusCode CodeOf(HubStatus refusal) => Row(refusal).Code;

    public static string ReasonOf(HubStatus refusal) => Row(refusal).Reason;

    public static string SentenceOf(HubStatus refusal) => Row(refusal).Sentence;

    /// <summary>The answer of that reason; false for a reason of a later version.</summary>
    public static bool TryFind(string reason, out HubStatus refusal)
    {
        int index = Array.FindIndex(s_rows, row => row.Reason == reason);
        refusal = index < 0 ? HubStatus.Ok : s_rows[index].Status;
        return index >= 0;
    }

    private static (HubStatus Status, GrpcStatusCode Code, string Reason, string Sentence) Row(HubStatus refusal) =>
        refusal is > HubStatus.Ok and <= HubStatus.Denied
            ? s_rows[(int)refusal - 1]
            : throw new ArgumentOutOfRangeException(nameof(refusal), refusal, "This is no refusal.");
}
