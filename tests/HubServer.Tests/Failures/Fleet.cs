using System.Collections.Concurrent;
using AgentFlow.Hub.Tests.Helpers;
using AgentFlow.Protocol.Hub;
using AgentFlow.Protocol.Threads;

namespace AgentFlow.HubServer.Tests.Failures;

/// <summary>
/// Two agents that talk in several threads, both at once in each, as fast as hubs answer. An envelope is repeated, with the same bytes under the same id, until
/// it is answered; after a refusal its sender turns to the next hub.
/// </summary>
internal sealed class Fleet : IDisposable
{
    private const int AckEvery = 5;
    private readonly HubActor _alice = new("alice", 1);
    private readonly HubActor _bob = new("bob", 2);
    private readonly List<HubThread> _threads = [];
    private readonly SemaphoreSlim _answered = new(0);
    private readonly SemaphoreSlim _refused = new(0);
    private readonly TaskCompletionSource _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<(ThreadId, AgentId), int> _numbers = [];
    private readonly int _bytes;

    /// <param name="threads">How many threads.</param>
    /// <param name="bytes">How long each text is.</param>
    public Fleet(int threads, int bytes = 100)
    {
        _bytes = bytes;
        for (int i = 0; i < threads; i++)
            _threads.Add(new HubThread(_alice, _bob));
    }

    public AgentId Bob => _bob.Agent;

    /// <summary>A hub as the second agent uses it.</summary>
    public IHub AsBob(IHub hub) => hub.ActAs(_bob.Credential);

    /// <summary>Who sent what, and what it was told.</summary>
    public SentLog Sent { get; } = new();

    /// <summary>What a sender waits for after a refusal; by default a read, which a client repeats until a hub answers.</summary>
    public Func<IHub, Task>? Recovery { get; init; }

    /// <summary>Whether senders acknowledge, now and then, how far their thread is. A subscriber of theirs does not get what is acknowledged.</summary>
    public bool Acknowledges { get; init; } = true;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async Task BeginAsync(IHub hub)
    {
        Assert.Equal(HubStatus.Ok, await hub.RegisterAgentAsync(_alice.Registration, Cancel));
        Assert.Equal(HubStatus.Ok, await hub.RegisterAgentAsync(_bob.Registration, Cancel));
        hub = hub.ActAs(_alice.Credential);
        foreach (var thread in _threads)
        {
            var id = MessageId.New(DateTimeOffset.UnixEpoch);
            Assert.Equal(AppendResult.Appended(1), await hub.CreateThreadAsync(thread.Id, id, thread.Genesis, Cancel));
            Sent.Answered(new SentEnvelope(thread.Id, _alice.Agent, 0, id, thread.Genesis.ToArray()), 1);
        }
    }

    /// <summary>Sends until it is told to stop; what has begun is finished.</summary>
    public Task RunAsync(IReadOnlyList<IHub> hubs, CancellationToken stop) => Task.WhenAll(_threads.SelectMany((thread, i) => new[]
    {
        Task.Run(() => RunSenderAsync(thread, thread.A, _alice, hubs, i, stop)),
        Task.Run(() => RunSenderAsync(thread, thread.B, _bob, hubs, i + 1, stop)),
    }));

    /// <summary>Returns when so many more envelopes are answered.</summary>
    public Task UntilAnsweredAsync(int more) => UntilAsync(_answered, more);

    /// <summary>Returns when so many more were refused, or not answered.</summary>
    public Task UntilRefusedAsync(int more) => UntilAsync(_refused, more);

    /// <summary>Looks at what stands in a hub.</summary>
    public Task CheckAsync(IHub hub)
    {
        var hubs = new Dictionary<AgentId, IHub> { [_alice.Agent] = hub.ActAs(_alice.Credential), [_bob.Agent] = AsBob(hub) };
        return FleetCheck.RunAsync(hubs, Sent, [.. _threads.Select(thread => thread.Id)], Cancel);
    }

    public void Dispose()
    {
        foreach (var thread in _threads)
            thread.Dispose();
        _alice.Dispose();
        _bob.Dispose();
        _answered.Dispose();
        _refused.Dispose();
    }

    // A sender that ends with an error would be waited for in vain.
    private async Task UntilAsync(SemaphoreSlim events, int more)
    {
        for (int i = 0; i < more; i++)
            await await Task.WhenAny(events.WaitAsync(Cancel), _broken.Task);
    }

    private async Task RunSenderAsync(HubThread thread, ThreadMember member, HubActor actor, IReadOnlyList<IHub> all, int at, CancellationToken stop)
    {
        try
        {
            await SendAsync(thread, member, actor, all, at, stop);
        }
        catch (Exception exception)
        {
            _broken.TrySetException(exception);
            throw;
        }
    }

    private async Task SendAsync(HubThread thread, ThreadMember member, HubActor actor, IReadOnlyList<IHub> all, int at, CancellationToken stop)
    {
        var agent = actor.Agent;
        IHub[] hubs = [.. all.Select(hub => hub.ActAs(actor.Credential))];
        while (!stop.IsCancellationRequested)
        {
            int number = _numbers.AddOrUpdate((thread.Id, agent), 1, (_, last) => last + 1);
            string text = $"{number} ".PadRight(_bytes, '.');
            var envelope = new SentEnvelope(thread.Id, agent, number, MessageId.New(DateTimeOffset.UnixEpoch), thread.Seal(member, text));
            Sent.Begun(envelope);
            AppendResult result;
            while (!(result = await hubs[at % hubs.Length].AppendAsync(thread.Id, envelope.Id, envelope.Bytes, Cancel)).IsAccepted)
            {
                Assert.True(result.Refusal is HubStatus.Unavailable or HubStatus.Busy, $"An envelope was refused as {result.Refusal}.");
                _refused.Release();
                at++;
                await (Recovery?.Invoke(hubs[at % hubs.Length]) ?? AnswersAsync(hubs[at % hubs.Length]));
            }

            Sent.Answered(envelope, result.Position);
            _answered.Release();
            if (Acknowledges && number % AckEvery == 0)
                await hubs[at % hubs.Length].AcknowledgeAsync(agent, thread.Id, result.Position, Cancel);
        }
    }

    private static async Task AnswersAsync(IHub hub)
    {
        try
        {
            await hub.ResolveNameAsync("nobody", Cancel);
        }
        catch (HubException)
        {
            // It does not; the next hub may.
        }
    }
}
