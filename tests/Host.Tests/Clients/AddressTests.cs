using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AgentFlow.Host.Tests.Servers;
using AgentFlow.Hub;
using AgentFlow.Hub.Memory;
using AgentFlow.Hub.Tests.Helpers;
using Microsoft.AspNetCore.Hosting;

namespace AgentFlow.Host.Tests.Clients;

/// <summary>Which addresses a client takes.</summary>
public sealed class AddressTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("http://127.0.0.1:5080", true)]
    [InlineData("http://localhost:5080", true)]
    [InlineData("http://[::1]:5080", true)]
    [InlineData("https://hub.example.org", true)]
    [InlineData("http://hub.example.org", false)]
    [InlineData("http://10.0.0.1:5080", false)]
    [InlineData("ftp://127.0.0.1", false)]
    public async Task Cleartext_is_for_this_machine(string address, bool isTaken)
    {
        if (isTaken)
            await using (GrpcHub.Connect(new Uri(address)))
                return;
        Assert.Throws<ArgumentException>(() => GrpcHub.Connect(new Uri(address)));
    }

    [Fact]
    public async Task Over_TLS_client_and_server_speak_HTTP2()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        await using var hub = await InProcessHub.StartAsync(new MemoryEnvelopeStore(), null, Token);
        await using var server = await LoopbackServer.StartAsync(hub, listen: endpoint => endpoint.UseHttps(certificate));
        string pinned = certificate.Thumbprint;
        await using var trusting = GrpcHub.Connect(server.Address, new GrpcHubOptions
        {
            ConfigureHandler = handler => handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => ((X509Certificate2)shown!).Thumbprint == pinned,
        });
        await using var wary = GrpcHub.Connect(server.Address, new GrpcHubOptions { RetryFor = TimeSpan.Zero });

        Assert.Equal(Uri.UriSchemeHttps, server.Address.Scheme);
        using var alice = new HubActor("alice", 1);
        await trusting.RegisterAgentAsync(alice.Registration, Token);
        Assert.Equal(alice.Agent, await trusting.ActAs(alice.Credential).ResolveNameAsync("alice", Token));
        await Assert.ThrowsAsync<HubException>(() => wary.ActAs(alice.Credential).ResolveNameAsync("alice", Token).AsTask());
    }
}
