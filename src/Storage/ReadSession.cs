namespace AgentFlow.Storage;

/// <summary>A consistent view of the database for one piece of synchronous work. Valid only while that work runs.</summary>
public class ReadSession
{
    private readonly SqliteConnection _connection;

    internal ReadSession(SqliteConnection connection) => _connection = connection;

    internal bool IsOpen { get; set; }

    private protected SqliteConnection Connection => IsOpen
        ? _connection
        : throw new InvalidOperationException("The session has ended. Use it only inside the function that received it, and not after an await.");

    /// <summary>Returns the prepared statement for a text, reset and without values. The same text gives the same statement: read its rows before you ask again.</summary>
    /// <param name="sql">One statement; a constant, because every distinct text stays prepared.</param>
    public Statement Prepare(string sql) => Connection.Prepare(sql);
}
