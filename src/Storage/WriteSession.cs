namespace AgentFlow.Storage;

/// <summary>The one writing transaction, for one piece of work. What it changed is undone if the work throws; it is durable when the returned task completes.</summary>
public sealed class WriteSession : ReadSession
{
    internal WriteSession(SqliteConnection connection)
        : base(connection)
    {
    }

    /// <summary>The row id of the last insert.</summary>
    public long LastInsertRowId => Connection.LastInsertRowId;

    internal bool IsUndone { get; set; }

    /// <summary>Undoes everything that this work wrote, when it returns: its result still reaches the caller after the commit of its neighbours.</summary>
    public void Undo() => IsUndone = true;
}
