using SQLitePCL;

namespace AgentFlow.Storage;

/// <summary>A prepared statement of one connection, kept for life. Valid only inside the session that prepared it; not thread-safe.</summary>
/// <remarks>Parameters count from 1 and columns from 0, as in SQLite. A span that a getter returns dies with the next step or reset.</remarks>
public sealed class Statement
{
    private readonly SqliteConnection _connection;
    private readonly sqlite3_stmt _handle;

    internal Statement(SqliteConnection connection, sqlite3_stmt handle) => (_connection, _handle) = (connection, handle);

    internal bool IsInUse { get; set; }

    /// <summary>Binds a number.</summary>
    public Statement Bind(int parameter, long value)
    {
        Check(raw.sqlite3_bind_int64(_handle, parameter, value));
        return this;
    }

    /// <summary>Binds a number, or NULL.</summary>
    public Statement Bind(int parameter, long? value) => value is { } number ? Bind(parameter, number) : BindNull(parameter);

    /// <summary>Binds bytes; an empty span is an empty value, not NULL.</summary>
    public Statement Bind(int parameter, ReadOnlySpan<byte> value)
    {
        Check(value.IsEmpty ? raw.sqlite3_bind_zeroblob(_handle, parameter, 0) : raw.sqlite3_bind_blob(_handle, parameter, value));
        return this;
    }

    /// <summary>Binds bytes, or NULL.</summary>
    public Statement Bind(int parameter, byte[]? value) => value is null ? BindNull(parameter) : Bind(parameter, value.AsSpan());

    /// <summary>Binds text, or NULL.</summary>
    public Statement Bind(int parameter, string? value)
    {
        if (value is null)
            return BindNull(parameter);
        Check(raw.sqlite3_bind_text(_handle, parameter, value));
        return this;
    }

    /// <summary>Binds NULL.</summary>
    public Statement BindNull(int parameter)
    {
        Check(raw.sqlite3_bind_null(_handle, parameter));
        return this;
    }

    /// <summary>Goes to the next row.</summary>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="StorageException">The statement failed; the transaction goes on unless the disk is full or broken.</exception>
    public bool Step()
    {
        int code = raw.sqlite3_step(_handle);
        if (code == raw.SQLITE_ROW)
            return true;
        if (code != raw.SQLITE_DONE)
        {
            var error = _connection.Error(code);
            raw.sqlite3_reset(_handle);
            throw error;
        }

        return false;
    }

    /// <summary>Runs the statement to its end and resets it.</summary>
    /// <returns>How many rows it changed.</returns>
    public int Run()
    {
        while (Step())
        {
        }

        Reset();
        return _connection.Changes;
    }

    /// <summary>Whether a column is NULL.</summary>
    public bool IsNull(int column) => raw.sqlite3_column_type(_handle, column) == raw.SQLITE_NULL;

    /// <summary>Reads a number; 0 where the column is NULL.</summary>
    public long GetInt64(int column) => raw.sqlite3_column_int64(_handle, column);

    /// <summary>Reads a number, or null.</summary>
    public long? GetNullableInt64(int column) => IsNull(column) ? null : GetInt64(column);

    /// <summary>Reads bytes; empty where the column is NULL. The span dies with the next step or reset.</summary>
    public ReadOnlySpan<byte> GetBlob(int column) => raw.sqlite3_column_blob(_handle, column);

    /// <summary>Reads text; empty where the column is NULL.</summary>
    public string GetText(int column) => raw.sqlite3_column_text(_handle, column).utf8_to_string() ?? "";

    /// <summary>Ends the reading and makes the statement ready to run again with new values.</summary>
    public void Reset()
    {
        // The code repeats the failure of the last step, which was reported there.
        _ = raw.sqlite3_reset(_handle);
        _ = raw.sqlite3_clear_bindings(_handle);
    }

    internal void Close() => _handle.Dispose();

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
            throw _connection.Error(code);
    }
}
