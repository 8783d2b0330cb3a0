using AgentFlow.Store;

namespace AgentFlow.Engine;

/// <summary>What was loaded of a thread is not what stands: it is thrown away and loaded again.</summary>
internal sealed class SessionStaleException(AgentCommitStatus status) : Exception($"A commit did not fit: {status}.")
{
    public AgentCommitStatus Status { get; } = status;

    public AgentCommitResult? Result { get; init; }
}
