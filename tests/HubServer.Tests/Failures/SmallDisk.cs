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

    /// <summary>Mounts one.</summary>
    public static async Task<SmallDisk> MountAsync(string size)
    {
        var disk = new SmallDisk();
        await Tool.RunAsync("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", disk.Root);
        return disk;
    }

    public Task GrowAsync(string size) => Tool.RunAsync("mount", "-o", $"remount,size={size}", Root);

    public async ValueTask DisposeAsync()
    {
        // A process that was killed just now may still hold it: it goes when that one has gone.
        await Tool.RunAsync("umount", "--lazy", Root);
        _folder.Dispose();
    }
}
