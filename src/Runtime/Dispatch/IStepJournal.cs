namespace AgentFlow.Dispatch;

/// <summary>Where results of steps are kept for one thread of one agent.</summary>
internal interface IStepJournal
{
    /// <summary>Reads a result, or null where the step has not finished.</summary>
    ValueTask<ReadOnlyMemory<byte>?> FindAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken);

    /// <summary>Keeps a result before the handler goes on.</summary>
    /// <returns>The result that stands: this one, or the one that was journaled first.</returns>
    ValueTask<ReadOnlyMemory<byte>> AddAsync(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> result, CancellationToken cancellationToken);
}
