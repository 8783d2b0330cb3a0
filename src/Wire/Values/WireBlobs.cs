namespace AgentFlow.Wire.Values;

/// <summary>How blobs are cut.</summary>
internal static class WireBlobs
{
    /// <summary>The bytes of one chunk.</summary>
    public const int ChunkSize = 64 << 10;
}
