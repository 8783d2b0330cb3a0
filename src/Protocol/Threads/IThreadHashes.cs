namespace AgentFlow.Protocol.Threads;

/// <summary>Where a verifier finds the thread hash T of a position that it processed before.</summary>
/// <remarks>Called synchronously, for acknowledgements older than the last few positions.</remarks>
public interface IThreadHashes
{
    /// <summary>Finds T.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="position">A position that was processed, from 1.</param>
    /// <param name="hash">T at that position.</param>
    bool TryFind(ThreadId thread, long position, out Bytes32 hash);
}
