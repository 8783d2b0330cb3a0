using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace AgentFlow.Hub.PostgreSql.Tests.Server;

/// <summary>A PostgreSQL server of its own on the loopback, with data that is thrown away.</summary>
internal sealed class ScratchCluster : IAsyncDisposable
{
    private readonly string _directory;
    private readonly string _settings;

    private ScratchCluster(string directory, bool fsync)
    {
        _directory = directory;
        Port = FreePort();
        string safety = fsync ? "on" : "off";
        _settings = string.Create(
            CultureInfo.InvariantCulture,
            $"-p {Port} -k {directory} -c listen_addresses=127.0.0.1 -c max_connections=300 -c shared_buffers=64MB -c deadlock_timeout=100ms ")
            + $"-c fsync={safety} -c full_page_writes={safety}";
    }

    public int Port { get; }

    public string ConnectionString => string.Create(
        CultureInfo.InvariantCulture,
        $"Host=127.0.0.1;Port={Port};Username=postgres;Database=postgres;Timeout=5;SSL Mode=Disable;GSS Encryption Mode=Disable");

    public static async Task<ScratchCluster> StartAsync(bool fsync)
    {
        string directory = Path.Combine(Path.GetTempPath(), "agentflow-pg-" + Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(directory);
        if (PostgreSqlBinaries.IsRoot)
        {
            using var own = Process.Start("chown", ["postgres", directory]);
            await own.WaitForExitAsync();
        }

        await PostgreSqlBinaries.RunAsync(
            "initdb", "-D", Path.Combine(directory, "data"), "-A", "trust", "-U", "postgres", "-N", "--no-instructions", "-E", "UTF8", "--locale=C");
        var cluster = new ScratchCluster(directory, fsync);
        await cluster.StartAsync();
        return cluster;
    }

    /// <summary>Starts the server, also over what a killed one left.</summary>
    public Task StartAsync() => PostgreSqlBinaries.RunAsync("pg_ctl", "-D", Data, "-s", "-w", "-l", Path.Combine(_directory, "log"), "-o", _settings, "start");

    /// <summary>Kills the postmaster with SIGKILL and waits until its backends have noticed.</summary>
    public async Task KillAsync()
    {
        int pid = await ReadPidAsync();
        var processes = Process.GetProcesses().Where(process => process.Id == pid || ParentOf(process.Id) == pid).ToList();
        processes.Single(process => process.Id == pid).Kill();
        foreach (var process in processes)
            await process.WaitForExitAsync();
    }

    /// <summary>Runs statements, and returns the first value.</summary>
    public async Task<object?> RunAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (File.Exists(PidFile))
            await PostgreSqlBinaries.RunAsync("pg_ctl", "-D", Data, "-s", "-w", "-m", "immediate", "stop");
        Directory.Delete(_directory, recursive: true);
    }

    private string Data => Path.Combine(_directory, "data");

    private string PidFile => Path.Combine(Data, "postmaster.pid");

    private async Task<int> ReadPidAsync() => int.Parse((await File.ReadAllLinesAsync(PidFile))[0], CultureInfo.InvariantCulture);

    private static int ParentOf(int pid)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{pid}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            // It has ended in the meantime.
            return 0;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
