namespace AgentFlow.Hub.Stores;

/// <summary>What a state item belongs to.</summary>
public enum StateKind : short
{
    /// <summary>The identity log and key bundle of an agent; the key is its id.</summary>
    Agent = 1,

    /// <summary>The agent that a name is bound to; the key is the name in UTF-8.</summary>
    Name = 2,

    /// <summary>A snapshot of the public state of a thread; the key is its id.</summary>
    Thread = 3,

    /// <summary>A short-lived session; the key is its id.</summary>
    Session = 4,

    /// <summary>What logins need: the secret of a day, under its number in 4 bytes, and challenges that were used, under their own 32 bytes.</summary>
    Login = 5,
}

/// <summary>The key of a state item. Equal when kind and bytes are equal.</summary>
/// <param name="Kind">What it belongs to.</param>
/// <param name="Key">1 to 255 bytes, whose first two choose the shard. Not copied: do not change them.</param>
public readonly record struct StateKey(StateKind Kind, ReadOnlyMemory<byte> Key)
{
    /// <inheritdoc/>
    public bool Equals(StateKey other) => Kind == other.Kind && Key.Span.SequenceEqual(other.Key.Span);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add((int)Kind);
        hash.AddBytes(Key.Span);
        return hash.ToHashCode();
    }
}

/// <summary>A state item as it is now.</summary>
/// <param name="Value">Its bytes.</param>
/// <param name="Version">Rises by one with every write and is not used again after a delete.</param>
/// <param name="ExpiresAt">When it vanishes by itself, or null.</param>
public sealed record StateItem(ReadOnlyMemory<byte> Value, long Version, DateTimeOffset? ExpiresAt);
