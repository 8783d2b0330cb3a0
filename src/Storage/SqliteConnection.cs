using SQLitePCL;

namespace AgentFlow.Storage;

/// <summary>One connection with its prepared statements. Used by one thread at a time.</summary>
internal sealed class SqliteConnection : IDisposable
{
    private readonly sqlite3 _db;
    private readonly Dictionary<string, Statement> _statements = new(StringComparer.Ordinal);
    private readonly List<Statement> _used = [];

    static SqliteConnection() => Batteries_V2.Init();

    private SqliteConnection(sqlite3 db) => _db = db;

    public int Changes => raw.sqlite3_changes(_db);

    public long LastInsertRowId => raw.sqlite3_last_insert_rowid(_db);

    public bool IsInTransaction => raw.sqlite3_get_autocommit(_db) == 0;

    public static SqliteConnection Open(string path, SqliteOptions options, bool readOnly)
    {
        int flags = readOnly ? raw.SQLITE_OPEN_READONLY : raw.SQLITE_OPEN_READWRITE;
        int code = raw.sqlite3_open_v2(path, out sqlite3 db, flags | raw.SQLITE_OPEN_NOMUTEX, null);
        var connection = new SqliteConnection(db);
        try
        {
            if (code != raw.SQLITE_OK)
                throw connection.Error(code);
            _ = raw.sqlite3_extended_result_codes(db, 1);
            connection.SetBusyTimeout(options.BusyTimeout);
            connection.Execute($"PRAGMA cache_size=-{(readOnly ? options.CacheKiB / 4 : options.CacheKiB)}; PRAGMA temp_store=MEMORY; PRAGMA foreign_keys=ON;");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public void SetBusyTimeout(TimeSpan timeout) => _ = raw.sqlite3_busy_timeout(_db, (int)timeout.TotalMilliseconds);

    public void Execute(string sql)
    {
        int code = raw.sqlite3_exec(_db, sql);
        if (code != raw.SQLITE_OK)
            throw Error(code);
    }

    /// <summary>A statement without rows or values that is run often.</summary>
    public void Run(string sql) => Prepare(sql).Run();

    public Statement Prepare(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            int code = raw.sqlite3_prepare_v3(_db, sql, raw.SQLITE_PREPARE_PERSISTENT, out sqlite3_stmt handle);
            if (code != raw.SQLITE_OK)
                throw Error(code);
            statement = new Statement(this, handle);
            _statements.Add(sql, statement);
        }
        else if (statement.IsInUse)
        {
            statement.Reset();
        }

        if (!statement.IsInUse)
        {
            statement.IsInUse = true;
            _used.Add(statement);
        }

        return statement;
    }

    /// <summary>Ends every reading, so that no statement holds a transaction open.</summary>
    public void ResetAll()
    {
        foreach (var statement in _used)
        {
            statement.Reset();
            statement.IsInUse = false;
        }

        _used.Clear();
    }

    /// <summary>How many pages were written since the last call.</summary>
    public int TakePagesWritten() =>
        raw.sqlite3_db_status(_db, raw.SQLITE_DBSTATUS_CACHE_WRITE, out int pages, out _, 1) == raw.SQLITE_OK ? pages : 0;

    /// <summary>Copies the write-ahead log into the database.</summary>
    /// <param name="truncate">Whether to empty its file too.</param>
    /// <param name="pages">How many pages the log holds: those copied before stay in it until a writer finds no reader there.</param>
    /// <returns>Whether all of it was copied.</returns>
    public bool Checkpoint(bool truncate, out int pages)
    {
        int mode = truncate ? raw.SQLITE_CHECKPOINT_TRUNCATE : raw.SQLITE_CHECKPOINT_PASSIVE;
        int code = raw.sqlite3_wal_checkpoint_v2(_db, "main", mode, out pages, out int copied);
        return code == raw.SQLITE_OK && pages == copied;
    }

    public StorageException Error(int code)
    {
        var kind = (code & 0xFF) switch
        {
            raw.SQLITE_FULL => StorageErrorKind.DiskFull,
            raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => StorageErrorKind.Corrupt,
            raw.SQLITE_CONSTRAINT => StorageErrorKind.Constraint,
            raw.SQLITE_TOOBIG => StorageErrorKind.TooLarge,
            raw.SQLITE_ERROR or raw.SQLITE_MISUSE or raw.SQLITE_RANGE or raw.SQLITE_SCHEMA => StorageErrorKind.Sql,
            _ => StorageErrorKind.Unavailable,
        };
        return new StorageException(kind, $"SQLite answered {code}: {raw.sqlite3_errmsg(_db).utf8_to_string()}.");
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
            statement.Close();
        _statements.Clear();
        _used.Clear();
        _db.Dispose();
    }
}
