using System.Net;
using System.Net.Sockets;

namespace AgentFlow.Host.Tests.Servers;

/// <summary>The network between client and server: it keeps its port, can be cut, and can be told to swallow what the server says.</summary>
internal sealed class LoopbackProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Lock _gate = new();
    private readonly List<TcpClient> _open = [];
    private readonly Task _accepting;

    public LoopbackProxy(Uri? server = null)
    {
        Server = server;
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _accepting = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>Where new connections go.</summary>
    public Uri? Server { get; set; }

    /// <summary>Whether answers are lost.</summary>
    public bool IsMute { get; set; }

    /// <summary>Whether new connections are closed at once.</summary>
    public bool IsDown { get; set; }

    public int Connections { get; private set; }

    /// <summary>Ends every connection without a word.</summary>
    public void Cut()
    {
        lock (_gate)
        {
            foreach (var client in _open)
                client.Client?.Close(0);
            _open.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Cut();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await _listener.AcceptTcpClientAsync();
            Connections++;
            if (IsDown)
            {
                client.Client.Close(0);
                continue;
            }

            var server = new TcpClient();
            await server.ConnectAsync(Server!.Host, Server.Port);
            lock (_gate)
            {
                _open.Add(client);
                _open.Add(server);
            }

            _ = CopyAsync(client, server, isAnswer: false);
            _ = CopyAsync(server, client, isAnswer: true);
        }
    }

    private async Task CopyAsync(TcpClient from, TcpClient to, bool isAnswer)
    {
        byte[] buffer = new byte[16384];
        try
        {
            int read;
            while ((read = await from.GetStream().ReadAsync(buffer)) > 0)
            {
                if (!isAnswer || !IsMute)
                    await to.GetStream().WriteAsync(buffer.AsMemory(0, read));
            }
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException or SocketException)
        {
            // It was cut.
        }

        to.Close();
    }
}
