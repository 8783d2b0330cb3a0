using AgentFlow.Hub.Tests.Helpers;

namespace AgentFlow.HubServer.Tests.Failures;

/// <summary>A hub behind a network that is cut, slow and lossy.</summary>
public sealed class NetworkTests(ITestOutputHelper output)
{
    // It needs the right to make network namespaces, which not every machine gives: eng/chaos-hub runs it.
    [Fact(Explicit = true)]
    public async Task Over_a_network_that_is_cut_and_that_delays_and_loses_packets_every_answer_is_kept_and_nothing_stands_twice()
    {
        await using var network = await TestNetwork.LayAsync();
        using var folder = new TestDirectory();
        using var fleet = new Fleet(threads: 4, bytes: 2000);
        using var stop = new CancellationTokenSource();
        // Nobody else is in the other namespace, so every port there is free.
        var address = new Uri($"http://{network.There}:5080");
        using var server = await HubServerProcess.StartAtAsync(
            address, null, network.Through, "--data", folder.Root, "--behind-proxy", "--origin", address.ToString());
        var options = new GrpcHubOptions
        {
            AllowCleartext = true,
            CallTimeout = TimeSpan.FromSeconds(2),
            RetryFor = TimeSpan.FromMinutes(1),
            LongestPause = TimeSpan.FromSeconds(1),
            ConfigureHandler = handler => handler.UseProxy = false,
        };
        await using var hub = GrpcHub.Connect(server.Address, options);
        await fleet.BeginAsync(hub);
        var load = fleet.RunAsync([hub], stop.Token);
        for (int cut = 0; cut < Chaos.Rounds(1); cut++)
        {
            await fleet.UntilAnsweredAsync(60);
            await network.CutAsync();
            // Every sender has given an append up, without knowing what became of it.
            await fleet.UntilRefusedAsync(8);
            await network.HealAsync();
        }

        await fleet.UntilAnsweredAsync(60);
        output.WriteLine(await network.WearAsync());
        await fleet.UntilAnsweredAsync(Chaos.Rounds(100));
        await stop.CancelAsync();
        await load;
        await fleet.CheckAsync(hub);
        Assert.Equal(0, await server.StopAsync());
        output.WriteLine($"{fleet.Sent.AnsweredCount} answers");
    }
}
