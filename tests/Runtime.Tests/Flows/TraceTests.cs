using System.Collections.Concurrent;
using System.Diagnostics;
using AgentFlow.Diagnostics;

namespace AgentFlow.Runtime.Tests.Flows;

/// <summary>A trace goes from who sends to who handles inside the sealed frames.</summary>
public sealed class TraceTests : IDisposable
{
    private readonly ConcurrentQueue<Activity> _ended = [];
    private readonly ActivityListener _listener;

    public TraceTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "AgentFlow",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task A_handler_links_to_the_send_that_asked_it_and_its_own_sends_are_children_of_it()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var host = await FlowHost.StartAsync();
        ThreadId thread;
        using (var request = new Activity("request").AddBaggage("tenant", "blue, green").Start())
            thread = await host.Flow.StartThreadAsync(new StartCounting(1), cancellationToken: cancel);
        await host.Flow.WaitForOutcomeAsync(thread, cancel);

        var first = Find(thread, "process count.start");
        var second = Find(thread, "process count.tick");
        var between = Find(thread, "send count.tick");
        Assert.Equal(Find(thread, "send count.start").Context.SpanId, Assert.Single(first.Links).Context.SpanId);
        Assert.Equal(first.SpanId, between.ParentSpanId);
        Assert.Equal(between.Context.SpanId, Assert.Single(second.Links).Context.SpanId);
        Assert.Equal(between.TraceId, Assert.Single(second.Links).Context.TraceId);
        Assert.Equal("blue, green", first.GetBaggageItem("tenant"));
        Assert.Equal("blue, green", second.GetBaggageItem("tenant"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(",,;=,=x")]
    [InlineData("no equals sign")]
    [InlineData(" =value")]
    public void Hostile_baggage_says_nothing(string text) => Assert.Empty(Read(text));

    [Fact]
    public void Baggage_is_read_up_to_its_limits_and_properties_are_left_out()
    {
        Assert.Equal([new("a b", "c%")], Read("a%20b = c%25;p=1"));
        Assert.Equal([new("a", "%zz")], Read("a=%zz"));
        Assert.Equal(64, Read(string.Join(',', Enumerable.Range(0, 200).Select(i => $"k{i}=v"))).Count);
        Assert.Empty(Read("k=" + new string('v', 8192)));
    }

    [Fact]
    public void Baggage_that_is_written_is_read_again_and_what_is_beyond_the_limits_is_left_out()
    {
        KeyValuePair<string, string?>[] baggage = [new("tenant", "blue, green"), new("long", new string('x', 9000)), new("empty", null), new("", "no key")];
        Assert.Equal([new("empty", ""), new("tenant", "blue, green")], Read(BaggageText.Write(baggage)).OrderBy(pair => pair.Key, StringComparer.Ordinal));
        Assert.Null(BaggageText.Write([]));
    }

    private static List<KeyValuePair<string, string?>> Read(string? text)
    {
        using var activity = new Activity("read");
        BaggageText.Read(text, activity);
        return [.. activity.Baggage];
    }

    private Activity Find(ThreadId thread, string name) => Assert.Single(_ended, activity =>
        activity.OperationName.StartsWith(name, StringComparison.Ordinal) && (string?)activity.GetTagItem("agentflow.thread.id") == thread.ToString());
}
