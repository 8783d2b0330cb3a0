namespace AgentFlow.Storage;

/// <summary>The room on the disk of the database, in bytes.</summary>
internal readonly record struct DiskSpace(long Free, long Total)
{
    public static DiskSpace Of(string directory)
    {
        var drive = new DriveInfo(directory);
        return new DiskSpace(drive.AvailableFreeSpace, drive.TotalSize);
    }
}
