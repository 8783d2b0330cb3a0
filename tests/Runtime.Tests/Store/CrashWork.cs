using System.Buffers.Binary;
using AgentFlow.Store;
using static AgentFlow.Runtime.Tests.Store.StoreData;

namespace AgentFlow.Runtime.Tests.Store;

/// <summary>What a process does to a store until a fail-point kills it, and what must be left then.</summary>
internal static class CrashWork
{
    public const int Commits = 12;

    public static AgentId Agent { get; } = new(new Bytes32(Enumerable.Repeat((byte)1, 32).ToArray()));

    public static ThreadId Thread { get; } = new(new Bytes32(Enumerable.Repeat((byte)2, 32).ToArray()));

    public static string AnswersOf(string folder) => Path.Combine(folder, "answers");

    /// <summary>
    /// Commits frame after frame, each in one transaction over all kinds of rows, then destroys the thread. Every answer is written down durably before
    /// the next.
    /// </summary>
    public static async Task RunAsync(IAgentStore store, string folder, CancellationToken cancel)
    {
        using var answers = new FileStream(AnswersOf(folder), FileMode.Append, FileAccess.Write, FileShare.Read);
        Assert.True((await store.CommitAsync(Commit(Agent, Thread, 0, new AgentOp.CreateThread(Start, "crash")), cancel)).IsCommitted);
        WriteDown(answers);
        for (int i = 1; i <= Commits; i++)
        {
            byte[] member = new byte[4000];
            BinaryPrimitives.WriteInt32LittleEndian(member, i);
            var result = await store.CommitAsync(
                Commit(
                    Agent, Thread, i,
                    new AgentOp.SaveMember(member, i),
                    new AgentOp.AddHistory(i, Hash(), Hash(), HistoryStatus.Opened, Record()),
                    new AgentOp.MarkHandled(new(i, 0)),
                    new AgentOp.PutState("release", 1, BitConverter.GetBytes(i), i - 1),
                    new AgentOp.AddOutbox(Message(), Hash(), Bytes(528), null),
                    new AgentOp.PutApproval(Hash(), ApprovalState.None, ApprovalState.Pending, Bytes()),
                    new AgentOp.AddTimer(Start, 1, BitConverter.GetBytes(i), Bytes()),
                    new AgentOp.AddAudit(i, Bytes())),
                cancel);
            Assert.True(result.IsCommitted);
            WriteDown(answers);
        }

        Assert.True(await store.DestroyThreadAsync(Agent, Thread, cancel));
        WriteDown(answers);
    }

    /// <summary>What was answered is there, at most one commit more, and nothing by half.</summary>
    public static async Task AssertKeptAsync(IAgentStore store, string folder, string failPoint, CancellationToken cancel)
    {
        long answered = File.Exists(AnswersOf(folder)) ? new FileInfo(AnswersOf(folder)).Length : 0;
        var row = await store.LoadThreadAsync(Agent, Thread, cancel);
        long version = row?.Version ?? 0;
        Assert.InRange(version, answered, answered + 1);
        if (row is { IsDestroyed: true })
        {
            Assert.Equal(AgentFailPoints.AfterDestroy, failPoint);
            Assert.Empty(await store.ReadHistoryAsync(Agent, Thread, 0, 100, cancel));
        }
        else if (row is not null)
        {
            await AssertWholeAsync(store, row, cancel);
        }
    }

    private static async Task AssertWholeAsync(IAgentStore store, ThreadRow row, CancellationToken cancel)
    {
        var (agent, thread, frames) = (row.Agent, row.Thread, (int)row.Version - 1);
        Assert.Equal(frames, row.Received);
        Assert.Equal(frames, frames == 0 ? 0 : BinaryPrimitives.ReadInt32LittleEndian(row.MemberState));
        Assert.Equal(frames, (await store.ReadHistoryAsync(agent, thread, 0, 100, cancel)).Count);
        for (int i = 1; i <= Commits; i++)
            Assert.Equal(i <= frames, await store.IsHandledAsync(agent, thread, new(i, 0), cancel));
        var state = await store.FindStateAsync(agent, thread, "release", cancel);
        Assert.Equal(frames, state?.Version ?? 0);
        Assert.Equal(frames, (await store.ReadOutboxAsync(agent, thread, 100, cancel)).Count);
        Assert.Equal(frames, (await store.ListApprovalsAsync(new(), cancel)).Count);
        Assert.Equal(frames, (await store.ListDueTimersAsync(Start, 100, cancel)).Count);
        Assert.Equal(Enumerable.Range(1, frames), (await store.ReadAuditAsync(agent, thread, 0, 100, cancel)).Select(line => line.Kind));
    }

    private static void WriteDown(FileStream answers)
    {
        answers.WriteByte(1);
        answers.Flush(flushToDisk: true);
    }
}
