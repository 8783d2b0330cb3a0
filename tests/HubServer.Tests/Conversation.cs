using AgentFlow.Hub.Tests.Helpers;
using AgentFlow.Protocol.Hub;

namespace AgentFlow.HubServer.Tests;

/// <summary>A thread of two agents, and every envelope that a hub has acknowledged in it.</summary>
internal sealed class Conversation : IDisposable
{
    private readonly HubActor _alice = new("alice", 1);
    private readonly HubActor _bob = new("bob", 2);
    private readonly List<byte[]> _acknowledged = [];
    private readonly SemaphoreSlim _appended = new(0);
    private (IHub? Hub, IHub? Mine) _last;
    private byte[] _pending = [];
    private HubThread _thread = null!;

    public AgentId Bob => _bob.Agent;

    public ThreadId Thread => _thread.Id;

    public int Count => _acknowledged.Count;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async Task BeginAsync(IHub hub)
    {
        Assert.Equal(HubStatus.Ok, await hub.RegisterAgentAsync(_alice.Registration, Cancel));
        Assert.Equal(HubStatus.Ok, await hub.RegisterAgentAsync(_bob.Registration, Cancel));
        _thread = new HubThread(_alice, _bob);
        Assert.Equal(AppendResult.Appended(1), await As(hub).CreateThreadAsync(_thread.Id, MessageId.New(DateTimeOffset.UnixEpoch), _thread.Genesis, Cancel));
        _acknowledged.Add(_thread.Genesis.ToArray());
    }

    public async Task AppendAsync(IHub hub) => Assert.Equal(AppendResult.Appended(_acknowledged.Count + 1), await TryAppendAsync(hub));

    /// <summary>Appends one after the other until the hub refuses, and says how.</summary>
    public async Task<HubStatus> AppendUntilRefusedAsync(IHub hub)
    {
        while (true)
        {
            var result = await TryAppendAsync(hub);
            if (!result.IsAccepted)
                return result.Refusal;
        }
    }

    /// <summary>Returns when so many more were acknowledged.</summary>
    public async Task UntilAppendedAsync(int count)
    {
        for (int i = 0; i < count; i++)
            await _appended.WaitAsync(Cancel);
    }

    /// <summary>Everything that was acknowledged stands in the log, in its order; what was refused without a known outcome may follow.</summary>
    public async Task CheckAsync(IHub hub)
    {
        var page = await As(hub).ReadThreadAsync(_thread.Id, 0, 1000, 4 << 20, Cancel);
        var standing = page.Envelopes.Select(stored => stored.Envelope.ToArray()).ToList();
        if (standing.Count == _acknowledged.Count + 1 && standing[^1].AsSpan().SequenceEqual(_pending))
            _acknowledged.Add(_pending);
        Assert.Equal(_acknowledged, standing);
        Assert.Equal(_acknowledged.Count, page.Head);
    }

    /// <summary>The hub as the second agent uses it.</summary>
    public IHub AsBob(IHub hub) => hub.ActAs(_bob.Credential);

    /// <summary>The hub as the first agent uses it, who sends.</summary>
    public IHub As(IHub hub)
    {
        // One login for a hub.
        if (!ReferenceEquals(_last.Hub, hub))
            _last = (hub, hub.ActAs(_alice.Credential));
        return _last.Mine!;
    }

    public void Dispose()
    {
        _thread?.Dispose();
        _alice.Dispose();
        _bob.Dispose();
        _appended.Dispose();
    }

    private async Task<AppendResult> TryAppendAsync(IHub hub)
    {
        _pending = _thread.Seal(_thread.A, $"message {_acknowledged.Count}");
        var result = await As(hub).AppendAsync(_thread.Id, MessageId.New(DateTimeOffset.UnixEpoch), _pending, Cancel);
        if (!result.IsAccepted)
            return result;
        _acknowledged.Add(_pending);
        _appended.Release();
        return result;
    }
}
