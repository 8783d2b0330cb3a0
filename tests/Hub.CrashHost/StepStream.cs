using AgentFlow.Hub.Stores;
using AgentFlow.Hub.Tests.Helpers;

namespace AgentFlow.Hub.CrashHost;

/// <summary>An endless sequence of random steps. Step n of a seed is always the same, so two processes can walk it together.</summary>
public sealed class StepStream(int seed, bool withTime)
{
    public const int Threads = 4;
    public const int Agents = 3;
    private const int Messages = 80;

    public Step At(int index)
    {
        var random = new Random(HashCode(seed, index));
        int kind = random.Next(20);
        if (kind == 0 && withTime)
            return new Step(Advance: TimeSpan.FromSeconds(random.Next(1, 400)));
        if (kind == 1)
            return new Step(Claim: new ClaimRequest(ClaimKind.Inbox, Owner(random), TimeSpan.FromMinutes(10), 1, Agent(random), Thread(random)));
        return new Step(kind < 8 ? AgentCommit(random) : ThreadCommit(random));
    }

    public static StateKey ThreadKey(int thread) => new(StateKind.Thread, Make.Thread(thread).Value.ToArray());

    public static StateKey AgentKey(int agent) => new(StateKind.Agent, Make.Agent(agent).Value.ToArray());

    private static int HashCode(int a, int b) => unchecked((a * 486_187_739) ^ (b * 16_777_619) ^ ((b + 1) << 13));

    private static Guid Owner(Random random) => new(random.Next(1, 3), 0, 0, new byte[8]);

    private static AgentId Agent(Random random) => Make.Agent(random.Next(1, Agents + 1));

    private static ThreadId Thread(Random random) => Make.Thread(random.Next(1, Threads + 1));

    private StoreCommit ThreadCommit(Random random)
    {
        int thread = random.Next(1, Threads + 1);
        var ops = new List<StoreOp>();
        for (int count = random.Next(1, 4); count > 0; count--)
            ops.Add(ThreadOp(random, thread));
        if (random.Next(40) == 0)
            ops.Add(new StoreOp.Ack(Make.Agent(1), Make.Thread(thread), 1));
        return new StoreCommit(ShardKey.Of(Make.Thread(thread)), ops);
    }

    private StoreOp ThreadOp(Random random, int thread)
    {
        int kind = random.Next(30);
        return kind switch
        {
            < 4 => Make.Create(thread),
            < 6 => new StoreOp.SetMembers(Make.Thread(thread), Members(random)),
            6 => new StoreOp.Trim(Make.Thread(thread), random.Next(0, 40)),
            7 when random.Next(25) == 0 => new StoreOp.Close(Make.Thread(thread)),
            < 12 => new StoreOp.Put(ThreadKey(thread), Make.Body(random.Next(100)), random.Next(-1, 4)),
            12 => new StoreOp.Del(ThreadKey(thread), random.Next(-1, 4)),
            _ => Append(random, thread),
        };
    }

    private StoreOp Append(Random random, int thread)
    {
        int message = random.Next(1, Messages);
        // Now and then another body under an id that may stand already.
        var append = Make.Append(thread, message, Make.Body(random.Next(30) == 0 ? message + 1 : message, 30 + message));
        return append with
        {
            ExpectHead = random.Next(6) == 0 ? random.Next(10) : null,
            IsPinned = message % 7 == 0,
            ExpiresAt = withTime && message % 5 == 0 ? new DateTimeOffset(2030, 1, 1, 0, random.Next(59), 0, TimeSpan.Zero) : null,
        };
    }

    private StoreCommit AgentCommit(Random random)
    {
        int agent = random.Next(1, Agents + 1);
        var ops = new List<StoreOp>();
        for (int count = random.Next(1, 4); count > 0; count--)
        {
            ops.Add(random.Next(10) switch
            {
                < 3 => new StoreOp.Ack(Make.Agent(agent), Thread(random), random.Next(30)),
                < 7 => new StoreOp.NoteInbox(Make.Agent(agent), Thread(random), random.Next(30), (short)random.Next(3)),
                7 => new StoreOp.Put(AgentKey(agent), Make.Body(random.Next(100)), random.Next(-1, 4)),
                8 => new StoreOp.Del(AgentKey(agent), random.Next(-1, 4)),
                // What a crash left of a lease cannot be read, so no lease is given back where a crash may come.
                _ when !withTime => new StoreOp.Ack(Make.Agent(agent), Thread(random), random.Next(30)),
                _ => new StoreOp.Complete(new ClaimId(ClaimKind.Inbox, Make.Agent(agent), Thread(random)), random.Next(1, 4)),
            });
        }

        Fence? fence = random.Next(6) == 0 ? new Fence(new ClaimId(ClaimKind.Inbox, Make.Agent(agent), Thread(random)), random.Next(1, 3)) : null;
        return new StoreCommit(ShardKey.Of(Make.Agent(agent)), ops, fence);
    }

    private static List<Member> Members(Random random) =>
        [.. Enumerable.Range(1, Agents).Where(_ => random.Next(2) == 0).Select(a => new Member(Make.Agent(a), 1, random.Next(1, 20)))];
}
