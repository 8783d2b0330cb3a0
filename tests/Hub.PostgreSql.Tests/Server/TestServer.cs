using System.Collections.Concurrent;
using AgentFlow.Hub.PostgreSql.Tests.Server;
using Npgsql;

[assembly: AssemblyFixture(typeof(TestServer))]

namespace AgentFlow.Hub.PostgreSql.Tests.Server;

/// <summary>
/// The server of this test run: the one that <c>AGENTFLOW_TEST_PG</c> names (a connection string of a user that may create databases), else a scratch
/// cluster. Every test has a database for itself.
/// </summary>
public sealed class TestServer : IAsyncLifetime
{
    /// <summary>Set for a process that a test starts and that uses the test's server: it needs none of its own.</summary>
    internal const string ChildVariable = "AGENTFLOW_TEST_CHILD";

    private const string Missing = "there is no PostgreSQL server here; 'eng/setup --tests' installs one, or AGENTFLOW_TEST_PG names one";
    private static TestServer? s_current;
    private ScratchCluster? _cluster;
    private NpgsqlDataSource? _admin;
    private string _template = "";
    private readonly ConcurrentQueue<TestDatabase> _free = [];
    private int _count;

    /// <summary>The connection string of the server's own database.</summary>
    internal string ConnectionString { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        s_current = this;
        if (Environment.GetEnvironmentVariable(ChildVariable) is not null)
            return;
        string? named = Environment.GetEnvironmentVariable("AGENTFLOW_TEST_PG");
        if (named is null && PostgreSqlBinaries.Folder is null)
            return;
        if (named is null)
            _cluster = await ScratchCluster.StartAsync(fsync: false);
        ConnectionString = named ?? _cluster!.ConnectionString;
        _admin = NpgsqlDataSource.Create(ConnectionString);
        _template = $"agentflow_{Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(6))}";
        await RunAsync($"CREATE DATABASE {_template}");
        await using var store = new PostgreSqlEnvelopeStore(TestDatabase.OptionsFor(In(_template)));
        await store.OpenAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _admin!.DisposeAsync();
            await _cluster.DisposeAsync();
        }
        else if (_admin is not null)
        {
            await RunAsync($"DROP DATABASE {_template} WITH (FORCE)");
            for (int n = 1; n <= _count; n++)
                await RunAsync($"DROP DATABASE IF EXISTS {_template}_{n} WITH (FORCE)");
            await _admin.DisposeAsync();
        }
    }

    /// <summary>A database with the newest schema and nothing in it. Without a server the test is skipped.</summary>
    internal static async Task<TestDatabase> RentDatabaseAsync()
    {
        var server = Current();
        if (!server._free.TryDequeue(out var database))
            return await server.CreateAsync(server._template, server._free.Enqueue);
        await database.ClearAsync();
        return database;
    }

    /// <summary>A database without the schema. Without a server the test is skipped.</summary>
    internal static Task<TestDatabase> CreateEmptyDatabaseAsync() => Current().CreateAsync("template0", _ => { });

    /// <summary>A server that a test may kill. Without the programs the test is skipped.</summary>
    internal static async Task<ScratchCluster> StartClusterAsync()
    {
        if (PostgreSqlBinaries.Folder is null)
            Assert.Skip(Missing);
        return await ScratchCluster.StartAsync(fsync: true);
    }

    private static TestServer Current()
    {
        if (s_current!._admin is null)
            Assert.Skip(Missing);
        return s_current;
    }

    private async Task<TestDatabase> CreateAsync(string template, Action<TestDatabase> giveBack)
    {
        string name = $"{_template}_{Interlocked.Increment(ref _count)}";
        await RunAsync($"CREATE DATABASE {name} TEMPLATE {template}");
        return new TestDatabase(name, In(name), giveBack);
    }

    private string In(string database) => new NpgsqlConnectionStringBuilder(ConnectionString) { Database = database, MaxPoolSize = 20 }.ConnectionString;

    private async Task RunAsync(string sql)
    {
        await using var command = _admin!.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
