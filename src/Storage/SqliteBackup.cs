namespace AgentFlow.Storage;

/// <summary>Copies of a database in one file: taken from a store that may be in use, and put in the place of a store that is not there.</summary>
public static class SqliteBackup
{
    private const string Partial = ".partial";

    /// <summary>
    /// Writes everything that is committed into a new file (mode 0600), in one consistent view. Another process may have the database open and go on writing:
    /// it notices nothing but a write-ahead log that is not emptied meanwhile.
    /// </summary>
    /// <param name="database">The database file.</param>
    /// <param name="target">A file that does not exist. It appears when it is complete and on the disk.</param>
    /// <exception cref="StorageException">There is no such database, the target exists or cannot be written.</exception>
    public static void Write(string database, string target)
    {
        ArgumentException.ThrowIfNullOrEmpty(database);
        ArgumentException.ThrowIfNullOrEmpty(target);
        if (!File.Exists(database))
            throw new StorageException(StorageErrorKind.Unavailable, $"There is no database '{database}'. Name the file of a store.");
        RefuseToReplace(target);
        string partial = Path.GetFullPath(target) + Partial;
        try
        {
            // An empty file that is private already: the copy never is anything else.
            StoreFiles.CreatePrivate(partial);
            using (var connection = SqliteConnection.Open(Path.GetFullPath(database), new SqliteOptions(), readOnly: true))
                connection.Prepare("VACUUM INTO ?1").Bind(1, partial).Run();
            Keep(partial, target);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(target, e);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    /// <summary>Makes a database of a copy, after a check of all its pages.</summary>
    /// <param name="source">The copy.</param>
    /// <param name="database">A database file that does not exist yet; its directory is created where it is missing.</param>
    /// <exception cref="StorageException">The copy is no database or damaged, or there is a database already, or a process has it open.</exception>
    public static void Restore(string source, string database)
    {
        ArgumentException.ThrowIfNullOrEmpty(source);
        ArgumentException.ThrowIfNullOrEmpty(database);
        if (!File.Exists(source))
            throw new StorageException(StorageErrorKind.Unavailable, $"There is no file '{source}'. Name a back-up.");
        Check(source);
        database = Path.GetFullPath(database);
        // A write-ahead log without its database would be taken for one of the restored database.
        RefuseToReplace(database);
        RefuseToReplace(database + "-wal");
        using var fileLock = StoreFiles.Prepare(database);
        string partial = database + Partial;
        try
        {
            StoreFiles.CreatePrivate(partial);
            using (var from = File.OpenRead(source))
            using (var to = File.OpenWrite(partial))
                from.CopyTo(to);
            Keep(partial, database);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(database, e);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private static void RefuseToReplace(string path)
    {
        if (File.Exists(path) && new FileInfo(path).Length > 0)
            throw new StorageException(StorageErrorKind.Incompatible, $"'{path}' exists, and nothing is ever replaced. Move it away, or name another place.");
    }

    private static void Check(string file)
    {
        using var connection = SqliteConnection.Open(Path.GetFullPath(file), new SqliteOptions(), readOnly: true);
        var statement = connection.Prepare("PRAGMA integrity_check(1)");
        if (!statement.Step() || statement.GetText(0) != "ok")
            throw new StorageException(StorageErrorKind.Corrupt, $"'{file}' is damaged: {statement.GetText(0)}. Take an older back-up.");
        connection.ResetAll();
    }

    /// <summary>Gives a complete file its name, once it is on the disk.</summary>
    private static void Keep(string partial, string target)
    {
        using (var file = new FileStream(partial, FileMode.Open, FileAccess.Write))
            file.Flush(flushToDisk: true);
        File.Move(partial, target, overwrite: true);
    }

    private static StorageException CannotWrite(string target, Exception e) =>
        new(StorageErrorKind.Unavailable, $"'{target}' cannot be written: {e.Message} Name a place where this user may write and where there is room.", e);
}
