namespace AgentFlow.Storage;

/// <summary>Says whether growing writes are allowed. Asks the operating system once a second at most.</summary>
internal sealed class FreeSpaceGate(SqliteOptions options, string directory)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);
    private readonly Func<DiskSpace> _probe = options.DiskProbe ?? (() => DiskSpace.Of(directory));
    private long _askedAt;
    private bool _asked;
    private bool _isOpen = true;

    public bool IsOpen()
    {
        if (_asked && options.TimeProvider.GetElapsedTime(_askedAt) < s_interval)
            return _isOpen;
        _asked = true;
        _askedAt = options.TimeProvider.GetTimestamp();
        try
        {
            var space = _probe();
            _isOpen = space.Free > Math.Min(options.FreeSpaceReserve, space.Total / 20);
        }
        catch (IOException)
        {
            // A disk that does not tell its room is not a reason to stop: SQLite reports a full one itself.
            _isOpen = true;
        }

        return _isOpen;
    }
}
