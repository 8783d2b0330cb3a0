using AgentFlow.Hub.CrashHost;
using AgentFlow.Hub.Memory;
using AgentFlow.Hub.Sqlite;
using AgentFlow.Hub.Stores;
using AgentFlow.Hub.Tests.Helpers;
using AgentFlow.Storage;

namespace AgentFlow.Hub.Tests.Model;

public sealed class ModelTests(ITestOutputHelper output) : IDisposable
{
    private const int Steps = 1500;
    private readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(0)]
    public async Task Memory_answers_as_the_model_does(int seed)
    {
        var time = new ManualTime();
        await using var store = new MemoryEnvelopeStore(time);
        await CompareAsync(store, time, seed);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(0)]
    public async Task SQLite_answers_as_the_model_does(int seed)
    {
        var time = new ManualTime();
        await using var store = new SqliteEnvelopeStore(_directory.Database, new SqliteOptions { TimeProvider = time });
        await CompareAsync(store, time, seed);
    }

    private async Task CompareAsync(IEnvelopeStore store, ManualTime time, int seed)
    {
        var token = TestContext.Current.CancellationToken;
        seed = seed == 0 ? Random.Shared.Next() : seed;
        output.WriteLine($"seed {seed}");
        await store.OpenAsync(token);
        var model = new StoreModel(() => store.Now);
        var stream = new StepStream(seed, withTime: true);
        int succeeded = 0;
        for (int i = 0; i < Steps; i++)
        {
            var step = stream.At(i);
            time.Advance(step.Advance);
            string expected = model.Run(step);
            string actual = await StepRunner.RunAsync(store, step, token);
            Assert.True(expected == actual, $"seed {seed}, step {i}: expected {expected}, got {actual}: {step}");
            succeeded += actual.StartsWith("Ok", StringComparison.Ordinal) ? 1 : 0;
            if (i % 100 == 50)
                await store.SweepAsync(SweepBudget.Default with { MaxRows = 5 }, token);
            if (i % 50 == 0 || i == Steps - 1)
                Assert.Equal(model.Dump(), await StepRunner.DumpAsync(store, token));
        }

        Assert.True(succeeded > Steps / 10, $"seed {seed}: only {succeeded} steps did something.");
    }
}
