namespace AgentFlow.Storage;

/// <summary>The settings of the file, the steps of its schema, and the number of times it was opened.</summary>
internal static class Schema
{
    private const string Meta = "CREATE TABLE IF NOT EXISTS meta(k TEXT PRIMARY KEY, v) WITHOUT ROWID";

    public static void SetUp(SqliteConnection connection, SqliteOptions options)
    {
        // The page size counts only before the first write, and so before the journal mode.
        connection.Execute($"""
            PRAGMA page_size={options.PageSize};
            PRAGMA journal_mode=WAL;
            PRAGMA synchronous=FULL;
            PRAGMA wal_autocheckpoint=0;
            PRAGMA journal_size_limit=67108864;
            """);
    }

    /// <summary>Runs the steps that the file does not have yet.</summary>
    public static void Migrate(SqliteConnection connection, IReadOnlyList<Migration> migrations)
    {
        connection.Execute(Meta);
        long version = Read(connection, "schema");
        if (version > migrations.Count)
        {
            throw new StorageException(
                StorageErrorKind.Incompatible,
                $"The database has schema {version}; this version knows {migrations.Count}. Use the newer version that wrote it.");
        }

        for (int next = (int)version; next < migrations.Count; next++)
        {
            connection.Execute("BEGIN IMMEDIATE");
            try
            {
                connection.Execute(migrations[next].Sql);
                Write(connection, "schema", next + 1);
                FailPoint.Hit(StorageFailPoints.MidMigration);
                connection.Execute("COMMIT");
            }
            catch (StorageException e)
            {
                if (connection.IsInTransaction)
                    connection.Execute("ROLLBACK");
                throw new StorageException(e.Kind, $"Step {next + 1} of the schema ('{migrations[next].Name}') failed: {e.Message}", e);
            }
        }
    }

    /// <summary>Counts this opening and returns the new number.</summary>
    public static long NextEpoch(SqliteConnection connection)
    {
        connection.Execute("BEGIN IMMEDIATE");
        long epoch = Read(connection, "epoch") + 1;
        Write(connection, "epoch", epoch);
        connection.Execute("COMMIT");
        return epoch;
    }

    public static long Read(SqliteConnection connection, string key)
    {
        var statement = connection.Prepare("SELECT v FROM meta WHERE k=?1").Bind(1, key);
        long value = statement.Step() ? statement.GetInt64(0) : 0;
        connection.ResetAll();
        return value;
    }

    private static void Write(SqliteConnection connection, string key, long value)
    {
        connection.Prepare("INSERT INTO meta(k,v) VALUES(?1,?2) ON CONFLICT(k) DO UPDATE SET v=excluded.v").Bind(1, key).Bind(2, value).Run();
        connection.ResetAll();
    }
}
