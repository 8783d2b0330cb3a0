using System.Text.RegularExpressions;
using AgentFlow.Storage;

namespace AgentFlow;

/// <summary>Settings of the agents' store on PostgreSQL. All but the first have defaults.</summary>
public sealed partial class PostgreSqlStoreOptions
{
    /// <summary>Where the database is, for example <c>Host=db;Username=agentflow;Database=agentflow</c>. It is never logged. Do not lead it through a pool by
    /// transaction: the timeouts and the schema are set once for each connection.</summary>
    public required string ConnectionString { get; set; }

    /// <summary>The schema of the tables. The processes of one app name the same one; another app names another, or another database.</summary>
    /// <value>The default is <c>agentflow_agents</c>: a small letter, then small letters, digits and underscores, 63 at most.</value>
    public string Schema { get; set; } = "agentflow_agents";

    /// <summary>The most connections of this process.</summary>
    /// <value>The default is 16; at least 2.</value>
    public int MaxConnections { get; set; } = 16;

    /// <summary>After what time the server gives a statement up.</summary>
    /// <value>The default is 5 seconds.</value>
    public TimeSpan StatementTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a statement waits for a row that another process has locked.</summary>
    /// <value>The default is 2 seconds.</value>
    public TimeSpan LockTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Whether to accept a server that does not write to its disk (<c>fsync=off</c>). For data that may be lost, in tests.</summary>
    /// <value>The default is false.</value>
    public bool AllowUnsafeServer { get; set; }

    /// <exception cref="StorageException">A setting makes no sense.</exception>
    internal void Check()
    {
        if (!SchemaName().IsMatch(Schema))
        {
            throw new StorageException(
                StorageErrorKind.Incompatible,
                $"{nameof(PostgreSqlStoreOptions)}.{nameof(Schema)} is '{Schema}'. "
                + "Take a small letter, then small letters, digits and underscores, 63 at most.");
        }

        if (MaxConnections < 2)
            throw new StorageException(StorageErrorKind.Incompatible,
                $"{nameof(PostgreSqlStoreOptions)}.{nameof(MaxConnections)} is {MaxConnections}. Set it to 2 or more.");
    }

    [GeneratedRegex("^[a-z][a-z0-9_]{0,62}\\z")]
    private static partial Regex SchemaName();
}
