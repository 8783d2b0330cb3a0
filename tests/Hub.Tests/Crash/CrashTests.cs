using System.Globalization;
using AgentFlow.Hub.CrashHost;
using AgentFlow.Hub.Sqlite;
using AgentFlow.Hub.Stores;
using AgentFlow.Hub.Tests.Helpers;
using AgentFlow.Hub.Tests.Model;
using AgentFlow.Storage;

namespace AgentFlow.Hub.Tests.Crash;

/// <summary>Kills a real process with SIGKILL and looks at what it left. Power loss cannot be proven this way: the kernel still writes what it was handed.</summary>
public sealed class CrashTests(ITestOutputHelper output) : IDisposable
{
    private readonly TestDirectory _directory = new();

    public static TheoryData<string> FailPoints =>
    [
        StorageFailPoints.MidBatch, StorageFailPoints.BeforeCommit, StorageFailPoints.AfterCommit, StorageFailPoints.BeforeCheckpoint,
        StorageFailPoints.AfterCheckpoint, HubFailPoints.BeforeCommit, HubFailPoints.AfterCommitBeforeReply, HubFailPoints.BeforeNotify,
        HubFailPoints.MidFanOut, HubFailPoints.AfterFanOut,
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static int Rounds => int.Parse(Environment.GetEnvironmentVariable("AGENTFLOW_CRASH_ROUNDS") ?? "8", CultureInfo.InvariantCulture);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Killed_at_random_points_the_store_keeps_every_answer()
    {
        int seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var checker = new LogChecker();
        for (int round = 0; round < Rounds; round++)
        {
            using var process = CrashHostProcess.Start(null, "senders", _directory.Database, seed.ToString(CultureInfo.InvariantCulture));
            checker.Add(await process.RunUntilDeadAsync(random.Next(1, 600), Token));
            await CheckAsync(checker);
        }

        output.WriteLine($"{checker.Answered} answers");
    }

    [Theory]
    [MemberData(nameof(FailPoints))]
    public async Task Killed_at_a_fail_point_the_store_keeps_every_answer(string failPoint)
    {
        var checker = new LogChecker();
        foreach (int hit in new[] { 1, 20 })
        {
            using var process = CrashHostProcess.Start($"{failPoint}:{hit}", "senders", _directory.Database, "1");
            checker.Add(await process.RunUntilDeadAsync(int.MaxValue, Token));
            if (File.Exists(_directory.Database))
                await CheckAsync(checker);
        }
    }

    [Fact]
    public async Task Killed_inside_a_step_of_the_schema_the_database_opens_as_if_nothing_had_happened()
    {
        using (var process = CrashHostProcess.Start(StorageFailPoints.MidMigration, "senders", _directory.Database, "1"))
            Assert.Empty(await process.RunUntilDeadAsync(int.MaxValue, Token));

        await CheckAsync(new LogChecker());
    }

    [Fact]
    public async Task Killed_while_it_registers_agents_and_creates_a_thread_a_hub_answers_the_repetition_as_if_it_had_answered_before()
    {
        foreach (string failPoint in new[] { HubFailPoints.AfterBindName, HubFailPoints.AfterBindName + ":2", HubFailPoints.AfterCreateThread })
        {
            using var process = CrashHostProcess.Start(failPoint, "create", _directory.Database);
            await process.RunUntilDeadAsync(int.MaxValue, Token);
        }

        using var last = CrashHostProcess.Start(null, "create", _directory.Database);
        Assert.Equal(["Ok", "Ok", "Duplicate 1"], await last.RunToEndAsync(Token));
    }

    [Fact]
    public void Every_fail_point_of_the_store_and_the_hub_is_hit_by_a_test()
    {
        string[] elsewhere = [StorageFailPoints.MidMigration, HubFailPoints.AfterBindName, HubFailPoints.AfterCreateThread];
        Assert.Equal(StorageFailPoints.All.Concat(HubFailPoints.All).Order(), FailPoints.Select(row => row.Data).Concat(elsewhere).Order());
        Assert.Subset(FailPoint.Names.ToHashSet(), new HashSet<string>(StorageFailPoints.All.Concat(HubFailPoints.All)));
    }

    [Fact]
    public async Task Killed_at_random_points_the_store_holds_what_the_model_holds()
    {
        int seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var stream = new StepStream(seed, withTime: false);
        var model = new StoreModel(() => TimeProvider.System.GetUtcNow());
        int next = 0;
        for (int round = 0; round < Rounds; round++)
        {
            string? failPoint = random.Next(2) == 0 ? null : $"{StorageFailPoints.All[random.Next(3)]}:{random.Next(1, 300)}";
            using var process = CrashHostProcess.Start(
                failPoint, "steps", _directory.Database, seed.ToString(CultureInfo.InvariantCulture), next.ToString(CultureInfo.InvariantCulture));
            foreach (string line in await process.RunUntilDeadAsync(random.Next(1, 300), Token))
            {
                string expected = $"{next}\t{model.Run(stream.At(next))}";
                Assert.True(expected == line, $"seed {seed}: expected {expected}, got {line}.");
                next++;
            }

            await using var store = new SqliteEnvelopeStore(_directory.Database);
            await store.OpenAsync(Token);
            string actual = await StepRunner.DumpAsync(store, Token);
            if (model.Dump() == actual)
                continue;
            // The step under way when the process died was applied whole, though nobody was told.
            model.Run(stream.At(next++));
            Assert.Equal(model.Dump(), actual);
        }

        output.WriteLine($"{next} steps");
    }

    private async Task CheckAsync(LogChecker checker)
    {
        await using var store = new SqliteEnvelopeStore(_directory.Database);
        await store.OpenAsync(Token);
        string integrity = await store.Store.ReadAsync(
            s =>
            {
                var check = s.Prepare("PRAGMA integrity_check");
                check.Step();
                return check.GetText(0);
            },
            Token);
        Assert.Equal("ok", integrity);
        await checker.CheckAsync(store, Token);
    }
}
