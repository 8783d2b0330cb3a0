using AgentFlow.Hub.Tests.Helpers;

namespace AgentFlow.HubServer.Tests.Failures;

/// <summary>A file system in memory that is nearly full from the start, and can be made larger.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly TestDirectory _folder = new();

    private SmallDisk()
    {
    }

    public string Root => _folder.Root;

    /// <summary>Mounts one; where that is not allowed the test is skipped, and fails where services are required.</summary>
    public static async Task<SmallDisk> MountAsync(string size)
    {
        var disk = new SmallDisk();
        if (!await Tool.TryAsync("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", disk.Root))
            Assert.Skip("no file system can be mounted here; run the tests as root, with the right to mount");
        return disk;
    }

    public Task GrowAsync(string size) => Tool.RunAsync("mount", "-o", $"remount,size={size}", Root);

    public async ValueTask DisposeAsync()
    {
        await Tool.RunAsync("umount", Root);
        _folder.Dispose();
    }
}
