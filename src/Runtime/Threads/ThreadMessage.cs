namespace AgentFlow;

/// <summary>A message of a thread, as an agent of this process opened it.</summary>
/// <param name="Position">The position in the thread.</param>
/// <param name="Frame">The index within its envelope.</param>
/// <param name="Sender">Who sent it, as its signature proves.</param>
/// <param name="SenderName">The sender's name.</param>
/// <param name="SentAt">When, by the sender's clock.</param>
/// <param name="Contract">The contract as <c>name@version</c>; its id and version where it is unknown here.</param>
/// <param name="Message">The message, or null where this code has no decoder for it.</param>
public sealed record ThreadMessage(
    long Position, int Frame, AgentId Sender, string SenderName, DateTimeOffset SentAt, string Contract, object? Message)
{
    /// <summary>Leaves the message out: it may hold what no log should.</summary>
    public override string ToString() => $"{Position}.{Frame} {Contract} from {SenderName}";
}
