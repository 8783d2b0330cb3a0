using System.Buffers.Binary;
using AgentFlow.Storage;
using AgentFlow.Store;
using AgentFlow.Store.Sealing;
using AgentFlow.Store.Sqlite;
using static AgentFlow.Runtime.Tests.Store.StoreData;

namespace AgentFlow.Runtime.Tests.Store;

/// <summary>What the crash tests run in a process of its own, with a fail-point armed. Explicit: it does nothing unless it is asked for.</summary>
public sealed class CrashChild
{
    public const int Commits = 12;

    public static AgentId Agent { get; } = new(new Bytes32(Enumerable.Repeat((byte)1, 32).ToArray()));

    public static ThreadId Thread { get; } = new(new Bytes32(Enumerable.Repeat((byte)2, 32).ToArray()));

    /// <summary>Commits frame after frame, each in one transaction over all kinds of rows, then destroys the thread. Every answer is written down durably before the next.</summary>
    [Fact(Explicit = true)]
    public async Task Work_until_the_fail_point_kills()
    {
        string folder = CrashProcess.Folder;
        var cancel = TestContext.Current.CancellationToken;
        await using var store = await OpenAsync(folder, cancel);
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

    public static string AnswersOf(string folder) => Path.Combine(folder, "answers");

    internal static async ValueTask<SqliteAgentStore> OpenAsync(string folder, CancellationToken cancel)
    {
        using var key = DeviceStorageKey.Copy(new byte[32]);
        return await SqliteAgentStore.OpenAsync(Path.Combine(folder, "agents.db"), key, new SqliteOptions(), cancel);
    }

    private static void WriteDown(FileStream answers)
    {
        answers.WriteByte(1);
        answers.Flush(flushToDisk: true);
    }
}
