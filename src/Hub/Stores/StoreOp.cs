namespace AgentFlow.Hub.Stores;

/// <summary>One operation of a <see cref="StoreCommit"/>.</summary>
public abstract record StoreOp
{
    private StoreOp()
    {
    }

    /// <summary>The shard that this operation belongs to; null where it belongs to any.</summary>
    public abstract ShardKey? Shard { get; }

    /// <summary>About how many bytes it writes.</summary>
    public virtual int Bytes => 64;

    /// <summary>Appends a body at the next position of a thread. Result: that position.</summary>
    /// <param name="Thread">The thread.</param>
    /// <param name="MessageId">Unique in the thread.</param>
    /// <param name="Body">0 to 262,144 bytes. Not copied before the commit returns: do not change them.</param>
    /// <param name="BodyHash">The SHA-256 of the body: it tells a repetition from another body under the same id.</param>
    public sealed record Append(ThreadId Thread, MessageId MessageId, ReadOnlyMemory<byte> Body, Bytes32 BodyHash) : StoreOp
    {
        /// <summary>The head that the caller believes in, or null for any.</summary>
        public long? ExpectHead { get; init; }

        /// <summary>When the body is hidden; null leaves it to the retention of the thread.</summary>
        public DateTimeOffset? ExpiresAt { get; init; }

        /// <summary>Whether the body outlives expiry, retention and trims. AF1 Commits do.</summary>
        public bool IsPinned { get; init; }

        /// <summary>T at the new position.</summary>
        public Bytes32 ThreadHash { get; init; }

        /// <summary>How many bytes at the start survive when the body is hidden.</summary>
        public int KeepHead { get; init; }

        /// <summary>How many bytes at the end survive when the body is hidden.</summary>
        public int KeepTail { get; init; }

        /// <inheritdoc/>
        public override ShardKey? Shard => ShardKey.Of(Thread);

        /// <inheritdoc/>
        public override int Bytes => Body.Length + 160;
    }

    /// <summary>Raises what an agent has acknowledged; never lowers it. Result: the acknowledged position. The caller clamps it to the head.</summary>
    public sealed record Ack(AgentId Agent, ThreadId Thread, long UpToPosition) : StoreOp
    {
        /// <inheritdoc/>
        public override ShardKey? Shard => ShardKey.Of(Agent);
    }

    /// <summary>Raises the head that an inbox knows of; never lowers it. Result: that head.</summary>
    public sealed record NoteInbox(AgentId Agent, ThreadId Thread, long HeadPosition, short Priority) : StoreOp
    {
        /// <inheritdoc/>
        public override ShardKey? Shard => ShardKey.Of(Agent);
    }

    /// <summary>Writes a state item. Result: its new version.</summary>
    /// <param name="Key">Its key.</param>
    /// <param name="Value">Its bytes.</param>
    /// <param name="ExpectVersion">The version that it must have now; 0: it must not exist; -1: any.</param>
    /// <param name="ExpiresAt">When it vanishes by itself, or null.</param>
    public sealed record Put(StateKey Key, ReadOnlyMemory<byte> Value, long ExpectVersion, DateTimeOffset? ExpiresAt = null) : StoreOp
    {
        /// <inheritdoc/>
        public override ShardKey? Shard => ShardKey.Of(Key.Key.Span);

        /// <inheritdoc/>
        public override int Bytes => Value.Length + 96;
    }

    /// <summary>Deletes a state item. Result: the version of its tombstone; 0 where there was nothing and any version was accepted.</summary>
    public sealed record Del(StateKey Key, long ExpectVersion) : StoreOp
    {
        /// <inheritdoc/>
        public override ShardKey? Shard => ShardKey.Of(Key.Key.Span);
    }

    /// <summary>Creates an empty thread; a thread that exists is a conflict.</summary>
    /// <param name="Thread">The thread.</param>
    /// <param name="Kind">How long it lives.</param>
    /// <param name="Retention">After what time bodies are hidden, or null for never.</param>
    /// <param name="Fan">Who learns of a new envelope.</param>
    public sealed record Create(ThreadId Thread, ThreadKind Kind, TimeSpan? Retention = null, FanOut Fan = FanOut.Push) : StoreOp
    {
        /// <inheritdoc/>
        public override ShardKey? Shard => ShardKey.Of(Thread);
    }

    /// <summary>Replaces the members of a thread, beside the AF1 Commit that says so. Result: the new version of the list.</summary>
    public sealed record SetMembers(ThreadId Thread, IReadOnlyList<Member> Members) : StoreOp
    {
        /// <inheritdoc/>
        public override ShardKey? Shard => ShardKey.Of(Thread);

        /// <inheritdoc/>
        public override int Bytes => (Members.Count * 48) + 64;
    }

    /// <summary>Ends a thread: it takes no more envelopes, and stays readable.</summary>
    public sealed record Close(ThreadId Thread) : StoreOp
    {
        /// <inheritdoc/>
        public override ShardKey? Shard => ShardKey.Of(Thread);
    }

    /// <summary>Hides the bodies below a position, at once. Result: the first position that still has its body.</summary>
    public sealed record Trim(ThreadId Thread, long BelowPosition) : StoreOp
    {
        /// <inheritdoc/>
        public override ShardKey? Shard => ShardKey.Of(Thread);
    }

    /// <summary>Ends a claim: its work is done, or a lease is given back.</summary>
    public sealed record Complete(ClaimId Claim, long Token) : StoreOp
    {
        /// <inheritdoc/>
        public override ShardKey? Shard => Claim.Shard;
    }
}
