using System.Security.Cryptography;

namespace AgentFlow.Hub.Checks;

/// <summary>Checks the rows of one thread's log as they come, in the order of their positions.</summary>
internal sealed class LogCheck(ThreadId thread, long head, bool isAckedBeyond)
{
    private long _hidden;
    private Bytes32 _hash;
    private string? _fault = isAckedBeyond ? "an inbox has acknowledged more than there is" : null;

    /// <summary>The newest position so far.</summary>
    public long Position { get; private set; }

    /// <summary>Takes the next row.</summary>
    /// <param name="position">Its position.</param>
    /// <param name="bodyHash">The hash that the body was appended with.</param>
    /// <param name="threadHash">The thread hash at the position.</param>
    /// <param name="isHidden">Whether the body has been removed.</param>
    /// <param name="body">What is there of it.</param>
    public void Add(long position, ReadOnlySpan<byte> bodyHash, ReadOnlySpan<byte> threadHash, bool isHidden, ReadOnlySpan<byte> body)
    {
        if (position != Position + 1)
            _fault ??= $"position {Position + 1} is missing";
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, hash);
        if (!isHidden && !hash.SequenceEqual(bodyHash))
            _fault ??= $"the envelope at position {position} is not the one that was appended";
        if (threadHash.Length == Bytes32.Size)
            _hash = new Bytes32(threadHash);
        else
            _fault ??= $"position {position} has no thread hash";
        Position = position;
        _hidden += isHidden ? 1 : 0;
    }

    public ThreadReport End()
    {
        if (Position != head)
            _fault ??= $"the log ends at {Position}, before the head at {head}";
        return new ThreadReport(thread, head, _hash, _hidden, _fault);
    }
}
