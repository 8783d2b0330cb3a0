namespace AgentFlow.Storage;

/// <summary>The files of a database: private to their owner, on a local disk, open in one process.</summary>
internal static class StoreFiles
{
    private const UnixFileMode PrivateFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode PrivateDirectory = PrivateFile | UnixFileMode.UserExecute;

    /// <summary>Creates what is missing and takes the lock that a second process runs into.</summary>
    public static FileStream Prepare(string path)
    {
        string directory = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(directory))
            CreateDirectory(directory);
        RefuseNetwork(directory, new DriveInfo(directory).DriveType);
        var fileLock = Lock(path);
        try
        {
            Touch(path).Dispose();
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, PrivateFile);
            return fileLock;
        }
        catch
        {
            fileLock.Dispose();
            throw;
        }
    }

    /// <summary>Write-ahead logs need shared memory and locks that network file systems do not keep.</summary>
    public static void RefuseNetwork(string directory, DriveType type)
    {
        if (type == DriveType.Network)
            throw new StorageException(StorageErrorKind.Incompatible, $"'{directory}' lies on a network file system. Put the database on a local disk.");
    }

    /// <summary>Makes an empty file that only its owner can read, in the place of whatever was left there.</summary>
    public static void CreatePrivate(string path)
    {
        File.Delete(path);
        Touch(path).Dispose();
    }

    private static FileStream Lock(string path)
    {
        try
        {
            return Touch(path + ".lock");
        }
        catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException))
        {
            throw new StorageException(
                StorageErrorKind.Locked, $"Another process has '{path}' open. Stop it, or give this one a database of its own.", e);
        }
    }

    private static FileStream Touch(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = PrivateFile;
        return new FileStream(path, options);
    }

    private static void CreateDirectory(string directory)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(directory);
        else
            Directory.CreateDirectory(directory, PrivateDirectory);
    }
}
