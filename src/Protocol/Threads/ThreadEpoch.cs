using AgentFlow.Protocol.Crypto;

namespace AgentFlow.Protocol.Threads;

/// <summary>
/// What everybody knows of one epoch of a thread: who is in it, under which policy, and the context that binds every envelope to both. Immutable.
/// </summary>
/// <remarks>Reference: protocol.md 2.4.</remarks>
public sealed class ThreadEpoch
{
    private ThreadEpoch(ThreadId threadId, ulong number, Bytes32 context, Roster roster, ThreadPolicy policy)
    {
        ThreadId = threadId;
        Number = number;
        Context = context;
        Roster = roster;
        Policy = policy;
    }

    /// <summary>The thread.</summary>
    public ThreadId ThreadId { get; }

    /// <summary>The number of the epoch: how many Commits were accepted.</summary>
    public ulong Number { get; }

    /// <summary>The group context ctx[e].</summary>
    public Bytes32 Context { get; }

    /// <summary>The leaves.</summary>
    public Roster Roster { get; }

    /// <summary>The policy.</summary>
    public ThreadPolicy Policy { get; }

    /// <summary>The id of a thread: its creator's entry, 32 random bytes and the first policy.</summary>
    public static ThreadId IdOf(in RosterEntry creator, Bytes32 random, Bytes32 policyHash)
    {
        Span<byte> entry = stackalloc byte[RosterEntry.Size];
        creator.Write(entry);
        return new ThreadId(AfHash.Hash(Labels.ThreadId, entry, random.Span, policyHash.Span));
    }

    /// <summary>Epoch 0: the creator alone.</summary>
    internal static ThreadEpoch Start(ThreadId threadId, in RosterEntry creator, ThreadPolicy policy)
    {
        var roster = new Roster([new RosterSlot(0, creator, 0)]);
        return new ThreadEpoch(threadId, 0, ComputeContext(policy, threadId, 0, default, roster, committerLeaf: null), roster, policy);
    }

    /// <summary>The epoch after a Commit.</summary>
    internal ThreadEpoch Next(Roster roster, ThreadPolicy policy, uint committerLeaf) =>
        new(ThreadId, Number + 1, ComputeContext(policy, ThreadId, Number + 1, Context, roster, committerLeaf), roster, policy);

    /// <summary>An epoch that was stored before; its context is taken as stored.</summary>
    internal static ThreadEpoch Restore(ThreadId threadId, ulong number, Bytes32 context, Roster roster, ThreadPolicy policy) =>
        new(threadId, number, context, roster, policy);

    private static Bytes32 ComputeContext(ThreadPolicy policy, ThreadId threadId, ulong number, Bytes32 before, Roster roster, uint? committerLeaf)
    {
        var hash = new Blake2b(stackalloc byte[Blake2b.WorkspaceSize], Labels.Context);
        hash.Add((uint)policy.Suite);
        hash.Add(threadId.Span);
        hash.Add(number);
        hash.Add(before.Span);
        hash.Add(roster.Hash.Span);
        hash.Add(policy.Hash.Span);
        if (committerLeaf is { } leaf)
            hash.Add(leaf);
        return hash.Finish();
    }
}
