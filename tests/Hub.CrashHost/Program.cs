using System.Globalization;
using AgentFlow.Hub.CrashHost;
using AgentFlow.Hub.PostgreSql;
using AgentFlow.Hub.Sqlite;
using AgentFlow.Hub.Stores;
using AgentFlow.Storage;

// A process that the tests kill. Arguments: senders DATABASE SEED | steps DATABASE SEED FROM | create DATABASE
// DATABASE is a file, or the connection string of a PostgreSQL server.
var options = new SqliteOptions { CheckpointBytes = 64 << 10, IdleCheckpointDelay = TimeSpan.FromMilliseconds(1) };
if (args[0] == "create")
{
    await ThreadCreator.RunAsync(args[1], Console.Out);
    return;
}

await using IEnvelopeStore store = args[1].Contains("Host=", StringComparison.Ordinal)
    ? new PostgreSqlEnvelopeStore(new PostgreSqlOptions { ConnectionString = args[1], AllowUnsafeServer = true, Lanes = 2 })
    : new SqliteEnvelopeStore(args[1], options);
await store.OpenAsync(CancellationToken.None);
int seed = int.Parse(args[2], CultureInfo.InvariantCulture);
if (args[0] == "senders")
{
    await new SenderLoad(store, Console.Out, seed).RunAsync(CancellationToken.None);
    return;
}

var steps = new StepStream(seed, withTime: false);
for (int index = int.Parse(args[3], CultureInfo.InvariantCulture); ; index++)
{
    string answer = await StepRunner.RunAsync(store, steps.At(index), CancellationToken.None);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{index}\t{answer}"));
    Console.Out.Flush();
}
