namespace AgentFlow.Host.Services;

/// <summary>
/// Bounds what one stream has under way, by count and by bytes: beyond it the stream is not read, and flow control reaches the sender. One reader.
/// </summary>
internal sealed class AppendWindow
{
    private const int MaxCount = 256;
    private const int MaxBytes = 1 << 20;
    private readonly Lock _gate = new();
    private TaskCompletionSource? _changed;
    private int _count;
    private long _bytes;

    /// <summary>Waits until there is room; an envelope of any size has room alone.</summary>
    public async ValueTask EnterAsync(int bytes)
    {
        while (TryEnter(bytes) is { } changed)
            await changed.ConfigureAwait(false);
    }

    public void Leave(int bytes)
    {
        TaskCompletionSource? changed;
        lock (_gate)
        {
            _count--;
            _bytes -= bytes;
            (changed, _changed) = (_changed, null);
        }

        changed?.SetResult();
    }

    /// <summary>Waits until nothing is under way.</summary>
    public async ValueTask EmptyAsync()
    {
        while (WhileNotEmpty() is { } changed)
            await changed.ConfigureAwait(false);
    }

    private Task? TryEnter(int bytes)
    {
        lock (_gate)
        {
            if (_count > 0 && (_count >= MaxCount || _bytes + bytes > MaxBytes))
                return Changed();
            _count++;
            _bytes += bytes;
            return null;
        }
    }

    private Task? WhileNotEmpty()
    {
        lock (_gate)
            return _count == 0 ? null : Changed();
    }

    private Task Changed()
    {
        _changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _changed.Task;
    }
}
