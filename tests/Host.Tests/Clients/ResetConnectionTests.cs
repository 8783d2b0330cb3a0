using System.Net;
using System.Net.Sockets;
using AgentFlow.Hub.Tests.Helpers;
using AgentFlow.Protocol.Hub;

namespace AgentFlow.Host.Tests.Clients;

/// <summary>A connection that the other side resets while it is made. The platform reports it with the socket's own exception, which no HTTP exception wraps.</summary>
public sealed class ResetConnectionTests : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly HubActor _alice = new("alice", 1);
    private readonly HubActor _bob = new("bob", 2);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _listener.Dispose();
        _alice.Dispose();
        _bob.Dispose();
    }

    [Fact]
    public async Task It_is_a_hub_that_is_unavailable_to_appends_writes_and_reads()
    {
        _listener.Start();
        var address = new Uri($"http://{_listener.LocalEndpoint}");
        var options = new GrpcHubOptions { RetryFor = TimeSpan.Zero, ConfigureHandler = handler => handler.ConnectCallback = (_, token) => ConnectAndResetAsync(token) };
        await using var client = GrpcHub.Connect(address, options);
        using var thread = new HubThread(_alice, _bob);

        Assert.Equal(AppendResult.Refused(HubStatus.Unavailable), await client.AppendAsync(thread.Id, Make.Message(2), thread.Genesis, Token));
        Assert.Equal(HubStatus.Unavailable, await client.RegisterAgentAsync(_alice.Registration, Token));
        var exception = await Assert.ThrowsAsync<HubException>(() => client.ReadThreadAsync(thread.Id, 0, 1, 1, Token).AsTask());
        Assert.Equal((HubStatus.Unavailable, true), (exception.Status, exception.IsTransient));
    }

    /// <summary>Connects, and gives the connection to the client when its reset has arrived.</summary>
    private async ValueTask<Stream> ConnectAndResetAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(_listener.LocalEndpoint, cancellationToken);
        using (var accepted = await _listener.AcceptSocketAsync(cancellationToken))
            accepted.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Poll(TimeSpan.FromSeconds(10), SelectMode.SelectRead);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
