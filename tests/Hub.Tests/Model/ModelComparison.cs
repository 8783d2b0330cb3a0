using AgentFlow.Hub.CrashHost;
using AgentFlow.Hub.Stores;
using AgentFlow.Hub.Tests.Helpers;

namespace AgentFlow.Hub.Tests.Model;

/// <summary>Walks a store and the model through the same random steps; seed 0 takes a new one.</summary>
internal static class ModelComparison
{
    private const int Steps = 1500;

    public static async Task RunAsync(IEnvelopeStore store, ManualTime time, int seed, ITestOutputHelper output)
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
