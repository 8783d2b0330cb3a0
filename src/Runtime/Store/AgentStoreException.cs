namespace AgentFlow;

/// <summary>The agents' store found its own data damaged, or cannot be opened with the key at hand.</summary>
public sealed class AgentStoreException : AgentFlowException
{
    private AgentStoreException(string code, string message)
        : base(code, message)
    {
    }

    /// <summary>A row did not open under a key that should open it.</summary>
    internal static AgentStoreException Damaged(string kind) =>
        new("store.damaged", $"A row of the agents' store ({kind}) does not open: the file was changed or damaged. Restore it from a backup; do not edit it.");

    /// <summary>The store was made under another key.</summary>
    internal static AgentStoreException WrongKey(string path) => new(
        "store.wrong-key",
        $"The agents' store '{path}' is sealed under another key. Bring back the key file or passphrase that it was made with, or move the store away to start anew.");
}
