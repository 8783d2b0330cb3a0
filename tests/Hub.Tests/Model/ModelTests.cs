using AgentFlow.Hub.Memory;
using AgentFlow.Hub.Sqlite;
using AgentFlow.Hub.Tests.Helpers;
using AgentFlow.Storage;

namespace AgentFlow.Hub.Tests.Model;

public sealed class ModelTests(ITestOutputHelper output) : IDisposable
{
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
        await ModelComparison.RunAsync(store, time, seed, output);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(0)]
    public async Task SQLite_answers_as_the_model_does(int seed)
    {
        var time = new ManualTime();
        await using var store = new SqliteEnvelopeStore(_directory.Database, new SqliteOptions { TimeProvider = time });
        await ModelComparison.RunAsync(store, time, seed, output);
    }
}
