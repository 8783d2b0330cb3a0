using System.Buffers.Binary;

namespace AgentFlow.Hub.Stores;

/// <summary>One of 4,096 logical shards. Everything that one commit touches lies in one of them.</summary>
/// <param name="Number">0 to 4,095: the first two bytes of an id, big-endian, modulo 4,096.</param>
public readonly record struct ShardKey(int Number)
{
    /// <summary>How many logical shards there are, for ever.</summary>
    public const int Count = 4096;

    /// <summary>The shard of a thread: its log, members and state.</summary>
    public static ShardKey Of(ThreadId thread) => Of(thread.Span);

    /// <summary>The shard of an agent: its inbox and registration.</summary>
    public static ShardKey Of(AgentId agent) => Of(agent.Span);

    /// <summary>The shard of any key: its first two bytes, filled up with zeros.</summary>
    public static ShardKey Of(ReadOnlySpan<byte> key)
    {
        Span<byte> two = stackalloc byte[2];
        two.Clear();
        key[..Math.Min(2, key.Length)].CopyTo(two);
        return new ShardKey(BinaryPrimitives.ReadUInt16BigEndian(two) % Count);
    }
}
