namespace AgentFlow.Store.Sqlite;

/// <summary>Thrown on the writer thread so that everything of the commit is undone; never leaves the store.</summary>
internal sealed class CommitMismatchException(AgentCommitResult result) : Exception("The commit did not fit.")
{
    public AgentCommitResult Result { get; } = result;
}
