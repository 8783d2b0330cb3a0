using AgentFlow.Host.Tests.Servers;
using AgentFlow.Hub;
using AgentFlow.Hub.Tests.Helpers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AgentFlow.Host.Tests.Clients;

/// <summary>A whole app whose hub is behind a socket, on a network that is cut while it works.</summary>
public sealed class AppTests
{
    [Fact]
    public async Task An_app_runs_its_threads_to_the_end_over_a_network_that_is_cut()
    {
        var token = TestContext.Current.CancellationToken;
        using var directory = new TestDirectory();
        var hub = await SqliteHub.OpenSharedAsync(directory.Root, TimeProvider.System, token);
        await using var closing = (IAsyncDisposable)hub;
        await using var network = new LoopbackProxy();
        await using var server = await LoopbackServer.StartAsync(hub, options => options.Origins.Add(network.Address.ToString()));
        network.Server = server.Address;
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = directory.Root });
        builder.AddAgentFlow().UseSqlite(Path.Combine(directory.Root, "app"))
            .UseHub(network.Address.ToString(), options => (options.FirstPause, options.LongestPause) = (TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(50)));
        using var app = builder.Build();
        await app.StartAsync(token);
        var flow = app.Services.GetRequiredService<IAgentFlow>();
        for (int i = 0; i < 5; i++)
        {
            var thread = await flow.StartThreadAsync(new Asked($"question {i}"), cancellationToken: token);
            network.Cut();
            Assert.Equal(ThreadOutcome.Completed, (await flow.WaitForOutcomeAsync(thread, cancellationToken: token)).Outcome);
        }

        await app.StopAsync(token);
    }
}

[Message("grpc.asked")]
public sealed partial record Asked(string Text);

[Message("grpc.answered"), EndsThread]
public sealed partial record Answered(string Text);

[Agent("echo")]
public sealed class EchoAgent
{
    public Answered Handle(Asked m) => new(m.Text.ToUpperInvariant());
}
