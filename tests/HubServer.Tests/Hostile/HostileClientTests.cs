using AgentFlow.Hub.Tests.Helpers;
using AgentFlow.Protocol.Hub;

namespace AgentFlow.HubServer.Tests.Hostile;

/// <summary>Somebody who reaches the port and means harm: refused in words, and the hub serves on.</summary>
public sealed class HostileClientTests(ITestOutputHelper output)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_hub_refuses_what_is_hostile_in_words_and_serves_on()
    {
        using var folder = new TestDirectory();
        using var conversation = new Conversation();
        using var eve = new HubActor("eve", 7);
        using var bob = new HubActor("bob", 2);
        using var server = await HubServerProcess.StartAsync(null, "--data", folder.Root);
        await using var hub = GrpcHub.Connect(server.Address);
        await conversation.BeginAsync(hub);
        Assert.Equal(HubStatus.Ok, await hub.RegisterAgentAsync(eve.Registration, Cancel));
        using var hostile = new HostileClient(server.Address);
        long before = server.ResidentBytes;
        for (int round = 0; round < 20; round++)
            await AttackAsync(hostile, hub, eve, bob);
        await ConnectAsync(hostile, 10_000);
        await conversation.AppendAsync(hub);
        await conversation.CheckAsync(hub);
        output.WriteLine($"{server.ResidentBytes >> 10} KiB resident, {before >> 10} KiB before");
        Assert.Equal(0, await server.StopAsync());
    }

    private static async Task AttackAsync(HostileClient hostile, GrpcHub hub, HubActor eve, HubActor bob)
    {
        foreach (string method in new[] { "Login", "RegisterAgent", "Challenge" })
        {
            Assert.Equal(HostileClient.Internal, (await hostile.CallAsync(method, [9])).Status);
            Assert.Equal(HostileClient.Internal, (await hostile.CallAsync(method, [0, 0, 0, 0, 3, 255, 255, 255])).Status);
            Assert.Equal(HostileClient.ResourceExhausted, (await hostile.CallAsync(method, [0, 127, 0, 0, 0, 1, 2, 3])).Status);
        }

        Assert.Equal(HostileClient.InvalidArgument, (await hostile.CallAsync("Login", HostileClient.Message((1, new byte[31]), (2, new byte[33])))).Status);
        byte[] noLog = HostileClient.Message((1, eve.Agent.Span.ToArray()), (2, new byte[5000]));
        Assert.Equal(HostileClient.InvalidArgument, (await hostile.CallAsync("RegisterAgent", noLog)).Status);
        foreach (string token in new[] { "", "x", new string('A', 146), new string('~', 146), new string('z', 6000) })
        {
            var answer = await hostile.CallAsync("ListInbox", HostileClient.Message(), ("authorization", "Bearer " + token));
            Assert.Equal(HostileClient.Unauthenticated, answer.Status);
        }

        var headers = Enumerable.Range(0, 50).Select(i => ($"x-{i}", new string('x', 4000)));
        var (status, _) = await hostile.CallAsync("Challenge", HostileClient.Message(), [.. headers]);
        Assert.NotEqual(0, status);

        byte[] login = await hostile.LoginAsync(eve);
        Assert.Equal(0, (await hostile.CallAsync("Login", login)).Status);
        Assert.Equal(HostileClient.Unauthenticated, (await hostile.CallAsync("Login", login)).Status);
        var mine = hub.ActAs(eve.Credential);
        Assert.Equal(HubStatus.Denied, (await Assert.ThrowsAsync<HubException>(() => mine.ListInboxAsync(bob.Agent, false, null, 10, Cancel).AsTask())).Status);
        Assert.Equal(HubStatus.Denied, await mine.AcknowledgeAsync(bob.Agent, default, 1, Cancel));
    }

    // More at once than the hub takes, again and again.
    private static async Task ConnectAsync(HostileClient hostile, int count)
    {
        const int AtOnce = 2_000;
        for (int opened = 0; opened < count; opened += AtOnce)
            (await hostile.ConnectAsync(AtOnce)).ForEach(socket => socket.Dispose());
    }
}
