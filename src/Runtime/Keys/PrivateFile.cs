using System.Security.Cryptography;
using AgentFlow.Storage;

namespace AgentFlow.Keys;

/// <summary>Small files that only their owner may read, in folders that only their owner may enter. Creation is atomic, durable and never replaces a file.</summary>
internal static class PrivateFile
{
    private const int MaximumSize = 4096;
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode FolderMode = FileMode | UnixFileMode.UserExecute;
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Reads a file, or answers null where there is none.</summary>
    /// <exception cref="KeyException">Others may read it or its folder, or it cannot be read; the message names the remedy.</exception>
    public static byte[]? Read(string path)
    {
        try
        {
            using var stream = new FileStream(path, System.IO.FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            RefuseOpenToOthers(path, stream);
            if (stream.Length > MaximumSize)
                throw new KeyException("keys.damaged", $"'{path}' is no key file: it has {stream.Length} bytes. Restore it from a backup.");
            byte[] content = new byte[stream.Length];
            stream.ReadExactly(content);
            return content;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KeyException("keys.unreadable", $"The key file '{path}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Creates a file with this content, unless one stands: that one then stays.</summary>
    /// <returns>Whether this content stands now.</returns>
    /// <exception cref="KeyException">The folder is open to others, or the file cannot be written.</exception>
    public static bool TryCreate(string path, ReadOnlySpan<byte> content)
    {
        string folder = Path.GetDirectoryName(path)!;
        string temporary = $"{path}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}.tmp";
        try
        {
            CreateFolder(folder);
            WriteDurably(temporary, content);
            FailPoint.Hit(KeyFailPoints.BeforeRename);
            bool isNew = TryMove(temporary, path);
            DirectorySync.Flush(folder);
            FailPoint.Hit(KeyFailPoints.AfterRename);
            DeleteLeftovers(path);
            return isNew;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KeyException("keys.unwritable", $"The key file '{path}' cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Refuses a folder that others may enter.</summary>
    public static void RefuseOpenToOthers(string folder)
    {
        if (!OperatingSystem.IsWindows() && Directory.Exists(folder) && (File.GetUnixFileMode(folder) & Others) is not UnixFileMode.None)
            throw OpenToOthers("folder", folder, File.GetUnixFileMode(folder), "700");
    }

    private static void RefuseOpenToOthers(string path, FileStream stream)
    {
        RefuseOpenToOthers(Path.GetDirectoryName(Path.GetFullPath(path))!);
        if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(stream.SafeFileHandle) is var mode && (mode & Others) is not UnixFileMode.None)
            throw OpenToOthers("file", path, mode, "600");
    }

    private static KeyException OpenToOthers(string what, string path, UnixFileMode mode, string remedy) => new(
        "keys.open-to-others",
        $"Other users may open the key {what} '{path}' (mode {Convert.ToString((int)mode, 8).PadLeft(4, '0')}). Run: chmod {remedy} '{path}'");

    private static void CreateFolder(string folder)
    {
        if (Directory.Exists(folder))
        {
            RefuseOpenToOthers(folder);
            return;
        }

        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, FolderMode);
        DirectorySync.Flush(Path.GetDirectoryName(folder)!);
    }

    private static void WriteDurably(string path, ReadOnlySpan<byte> content)
    {
        var options = new FileStreamOptions { Mode = System.IO.FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = FileMode;
        using var stream = new FileStream(path, options);
        stream.Write(content);
        stream.Flush(flushToDisk: true);
    }

    /// <summary>Gives the file its name unless the name is taken: on Unix by a hard link, so that of two processes one wins.</summary>
    private static bool TryMove(string temporary, string path)
    {
        try
        {
            File.Move(temporary, path, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(temporary);
            return false;
        }
    }

    /// <summary>Removes what processes left that were killed before their file had its name. One that another process is about to name fails there, and reads what stands.</summary>
    private static void DeleteLeftovers(string path)
    {
        foreach (string leftover in Directory.EnumerateFiles(Path.GetDirectoryName(path)!, Path.GetFileName(path) + ".*.tmp"))
            File.Delete(leftover);
    }
}
