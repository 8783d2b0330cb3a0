namespace AgentFlow.HubServer.Tests.Serving;

/// <summary>Traces and metrics arrive at a collector.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task Spans_and_metrics_of_the_hub_arrive_at_a_collector_under_their_documented_names()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        var environment = new Dictionary<string, string>
        {
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "500", ["OTEL_BSP_SCHEDULE_DELAY"] = "200", ["OTEL_SERVICE_NAME"] = "hub-north",
        };
        using var server = await HubServerProcess.StartAsync(environment, "--store", "memory", "--otlp-endpoint", collector.Address.AbsoluteUri);
        await using var hub = GrpcHub.Connect(server.Address);
        using var conversation = new Conversation();
        await conversation.BeginAsync(hub);
        await conversation.AppendAsync(hub);
        await using var stream = conversation.AsBob(hub).SubscribeAsync(conversation.Bob, new Dictionary<ThreadId, long>(), 10, TestContext.Current.CancellationToken)
            .GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await stream.MoveNextAsync());

        foreach (string span in new[] { "agentflow.hub.create_thread", "agentflow.hub.append" })
            Assert.Equal("hub-north", await collector.UntilAsync("span", span));
        foreach (string metric in new[] { "agentflow.hub.appends", "agentflow.hub.deliveries", "agentflow.clients.connected", "kestrel.active_connections" })
            Assert.Equal("hub-north", await collector.UntilAsync("metric", metric));
    }

    [Fact]
    public async Task A_collector_that_is_away_does_not_keep_the_hub_from_serving_and_stopping()
    {
        using var server = await HubServerProcess.StartAsync(null, "--store", "memory", "--otlp-endpoint", "http://127.0.0.1:9");
        await using var hub = GrpcHub.Connect(server.Address);
        using var conversation = new Conversation();
        await conversation.BeginAsync(hub);
        await conversation.AppendAsync(hub);
        Assert.Equal(0, await server.StopAsync());
    }
}
