namespace AgentFlow.Protocol.Threads;

/// <summary>The last thing that a device said in a thread, across epochs and leaves.</summary>
/// <param name="Seq">Its sequence number; 0 before the first envelope.</param>
/// <param name="Digest">E of that envelope; zero before the first one.</param>
/// <param name="AckSeq">The position that it acknowledged.</param>
public readonly record struct SenderState(ulong Seq, Bytes32 Digest, long AckSeq);
