using System.Globalization;
using AgentFlow.Hub.CrashHost;
using AgentFlow.Hub.Sqlite;
using AgentFlow.Storage;

// A process that the tests kill. Arguments: senders DATABASE SEED | steps DATABASE SEED FROM | names
if (args is ["names"])
{
    foreach (string name in StorageFailPoints.All.Concat(AgentFlow.Hub.Stores.HubFailPoints.All))
        Console.WriteLine(name);
    return;
}

var options = new SqliteOptions { CheckpointBytes = 64 << 10, IdleCheckpointDelay = TimeSpan.FromMilliseconds(1) };
await using var store = new SqliteEnvelopeStore(args[1], options);
await store.OpenAsync(CancellationToken.None);
int seed = int.Parse(args[2], CultureInfo.InvariantCulture);
if (args[0] == "senders")
{
    await new SenderLoad(store, Console.Out, seed).RunAsync();
    return;
}

var steps = new StepStream(seed, withTime: false);
for (int index = int.Parse(args[3], CultureInfo.InvariantCulture); ; index++)
{
    string answer = await StepRunner.RunAsync(store, steps.At(index), CancellationToken.None);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{index}\t{answer}"));
    Console.Out.Flush();
}
