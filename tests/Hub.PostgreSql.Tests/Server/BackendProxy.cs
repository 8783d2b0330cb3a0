using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace AgentFlow.Hub.PostgreSql.Tests.Server;

/// <summary>
/// Stands between a hub and a server and reads the server's messages. It can keep notifications back, as a pool by transaction does, and can cut the
/// connection when the answer to a transaction comes, so that the client never learns of it.
/// </summary>
internal sealed class BackendProxy : IAsyncDisposable
{
    private const byte Notification = (byte)'A';
    private const byte ReadyForQuery = (byte)'Z';
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly NpgsqlConnectionStringBuilder _server;
    private readonly List<TcpClient> _clients = [];
    private readonly Task _accepting;
    private int _answersToCut;

    public BackendProxy(string connectionString)
    {
        _server = new NpgsqlConnectionStringBuilder(connectionString) { SslMode = SslMode.Disable };
        _listener.Start();
        _accepting = Task.Run(AcceptAsync);
        var mine = new NpgsqlConnectionStringBuilder(_server.ConnectionString) { Host = "127.0.0.1", Port = ((IPEndPoint)_listener.LocalEndpoint).Port };
        ConnectionString = mine.ConnectionString;
    }

    public string ConnectionString { get; }

    public bool DropsNotifications { get; init; }

    /// <summary>Keeps the next answer back, and cuts the connection when it is complete.</summary>
    public void CutNextAnswer() => Interlocked.Exchange(ref _answersToCut, 1);

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        lock (_clients)
            _clients.ForEach(client => client.Dispose());
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await _listener.AcceptTcpClientAsync();
            var server = new TcpClient { NoDelay = true };
            client.NoDelay = true;
            await server.ConnectAsync(_server.Host!, _server.Port);
            lock (_clients)
                _clients.AddRange([client, server]);
            _ = RunAsync(client, server);
        }
    }

    private async Task RunAsync(TcpClient client, TcpClient server)
    {
        var there = client.GetStream().CopyToAsync(server.GetStream());
        await Task.WhenAny(there, AnswersAsync(server.GetStream(), client.GetStream())).ConfigureAwait(false);
        client.Dispose();
        server.Dispose();
    }

    private async Task AnswersAsync(NetworkStream server, NetworkStream client)
    {
        byte[] header = new byte[5];
        bool isCutting = false;
        while (true)
        {
            await server.ReadExactlyAsync(header);
            byte[] body = new byte[BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(1)) - 4];
            await server.ReadExactlyAsync(body);
            isCutting |= Interlocked.Exchange(ref _answersToCut, 0) == 1;
            if (isCutting && header[0] == ReadyForQuery)
                return;
            if (isCutting || (DropsNotifications && header[0] == Notification))
                continue;
            await client.WriteAsync(header);
            await client.WriteAsync(body);
        }
    }
}
