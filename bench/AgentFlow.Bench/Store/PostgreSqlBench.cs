using AgentFlow.Hub.PostgreSql;
using AgentFlow.Hub.PostgreSql.Tests.Server;

namespace AgentFlow.Bench.Store;

/// <summary>The store on PostgreSQL, client and server on this machine: what group commit is worth.</summary>
internal static class PostgreSqlBench
{
    private const int Callers = 64;

    public static async Task RunAsync(BenchSettings settings, Report report)
    {
        if (PostgreSqlBinaries.Folder is null)
        {
            Report.Begin("postgres: left out, there is no PostgreSQL server here; 'eng/setup --tests' installs one");
            return;
        }

        Report.Begin("postgres: fsync=on, synchronous_commit=on, 1 KiB an append, 64 callers");
        Report.Detail($"{"case",-42} {"rate/s",10} {"p50 ms",8} {"p99 ms",8} {"ratio",7}");
        await using var cluster = await ScratchCluster.StartAsync(fsync: true);
        double? first = null;
        async Task<double> ShowAsync(string name, int hubs, int maxBatch, bool isHot)
        {
            var sample = await MeasureAsync(cluster.ConnectionString, hubs, maxBatch, isHot, settings.Duration);
            first ??= sample.Rate;
            Report.Detail($"{name,-42} {sample.Rate,10:0} {sample.P50,8:0.00} {sample.P99,8:0.00} {sample.Rate / first.Value,7:0.00}");
            return sample.Rate;
        }

        double contended = await ShowAsync("hot thread, one commit each, 64 connections", Callers, 1, isHot: true);
        double alone = await ShowAsync("hot thread, one commit each, one connection", 1, 1, isHot: true);
        double grouped = await ShowAsync("hot thread, group commit", 1, 256, isHot: true);
        await ShowAsync("1,000 threads, group commit", 1, 256, isHot: false);
        report.AtLeast("postgres: hot thread, group commit : one commit each, 64 connections", grouped / contended, 8);
        report.Add("postgres: hot thread, group commit : one commit each, one connection", grouped / alone);
    }

    /// <summary>Several stores stand for connections that commit beside each other: a store gives a thread one of its own.</summary>
    private static async Task<Sample> MeasureAsync(string connectionString, int hubs, int maxBatch, bool isHot, TimeSpan duration)
    {
        var stores = new List<PostgreSqlEnvelopeStore>();
        try
        {
            for (int i = 0; i < hubs; i++)
            {
                var options = new PostgreSqlOptions
                {
                    ConnectionString = connectionString, Lanes = isHot ? 1 : 2, MaxBatchOperations = maxBatch,
                    LockTimeout = TimeSpan.FromSeconds(10), StatementTimeout = TimeSpan.FromSeconds(20),
                };
                stores.Add(new PostgreSqlEnvelopeStore(options, new Hub.Wakes.SilentWakes()));
                await stores[i].OpenAsync(default);
            }

            return await StoreCases.AppendAsync(stores, Callers, isHot, duration);
        }
        finally
        {
            foreach (var store in stores)
                await store.DisposeAsync();
        }
    }
}
