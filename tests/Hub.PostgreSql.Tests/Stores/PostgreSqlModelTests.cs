using AgentFlow.Hub.PostgreSql.Tests.Server;
using AgentFlow.Hub.Tests.Helpers;
using AgentFlow.Hub.Tests.Model;

namespace AgentFlow.Hub.PostgreSql.Tests.Stores;

public sealed class PostgreSqlModelTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(5)]
    [InlineData(0)]
    public async Task PostgreSQL_answers_as_the_model_does(int seed)
    {
        await using var database = await TestServer.RentDatabaseAsync();
        var time = new ManualTime();
        await using var store = new PostgreSqlEnvelopeStore(database.Options(time));
        await ModelComparison.RunAsync(store, time, seed, output);
    }
}
