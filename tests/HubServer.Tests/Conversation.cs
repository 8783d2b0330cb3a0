using AgentFlow.Hub.Tests.Helpers;
using AgentFlow.Protocol.Hub;

namespace AgentFlow.HubServer.Tests;

/// <summary>A thread of two agents, and every envelope that a hub has acknowledged in it.</summary>
internal sealed class Conversation : IDisposable
{
    private readonly HubActor _alice = new("alice", 1);
    private readonly HubActor _bob = new("bob", 2);
    private readonly List<byte[]> _acknowledged = [];
    private HubThread _thread = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async Task BeginAsync(IHub hub)
    {
        Assert.Equal(HubStatus.Ok, await hub.RegisterAgentAsync(_alice.Registration, Cancel));
        Assert.Equal(HubStatus.Ok, await hub.RegisterAgentAsync(_bob.Registration, Cancel));
        hub = hub.ActAs(_alice.Credential);
        _thread = new HubThread(_alice, _bob);
        Assert.Equal(AppendResult.Appended(1), await hub.CreateThreadAsync(_thread.Id, MessageId.New(DateTimeOffset.UnixEpoch), _thread.Genesis, Cancel));
        _acknowledged.Add(_thread.Genesis.ToArray());
    }

    public async Task AppendAsync(IHub hub)
    {
        byte[] envelope = _thread.Seal(_thread.A, $"message {_acknowledged.Count}");
        Assert.Equal(AppendResult.Appended(_acknowledged.Count + 1), await hub.ActAs(_alice.Credential).AppendAsync(_thread.Id, MessageId.New(DateTimeOffset.UnixEpoch), envelope, Cancel));
        _acknowledged.Add(envelope);
    }

    /// <summary>Everything that was acknowledged stands in the log, in its order.</summary>
    public async Task CheckAsync(IHub hub)
    {
        var page = await hub.ActAs(_alice.Credential).ReadThreadAsync(_thread.Id, 0, 100, 1 << 20, Cancel);
        Assert.Equal(_acknowledged, page.Envelopes.Select(stored => stored.Envelope.ToArray()));
        Assert.Equal(_acknowledged.Count, page.Head);
    }

    public void Dispose()
    {
        _thread.Dispose();
        _alice.Dispose();
        _bob.Dispose();
    }
}
