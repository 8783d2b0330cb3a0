namespace AgentFlow.Store;

/// <summary>The store could not be opened, or found its own data damaged.</summary>
internal sealed class AgentStoreException(string message) : Exception(message)
{
    /// <summary>A row did not open under a key that should open it.</summary>
    public static AgentStoreException Damaged(string kind) =>
        new($"A row of the agents' store ({kind}) does not open: the file was changed or damaged. Restore it from a backup; do not edit it.");
}
