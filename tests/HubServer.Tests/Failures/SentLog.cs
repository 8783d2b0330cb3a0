using System.Collections.Concurrent;

namespace AgentFlow.HubServer.Tests.Failures;

/// <summary>An envelope, and the place among those of its sender in its thread.</summary>
internal sealed record SentEnvelope(ThreadId Thread, AgentId Sender, int Number, MessageId Id, byte[] Bytes);

/// <summary>What senders have sent, and which positions they were told.</summary>
internal sealed class SentLog
{
    private readonly ConcurrentDictionary<MessageId, SentEnvelope> _sent = [];
    private readonly ConcurrentDictionary<MessageId, long> _answered = [];

    public int AnsweredCount => _answered.Count;

    public void Begun(SentEnvelope envelope) => Assert.True(_sent.TryAdd(envelope.Id, envelope));

    public void Answered(SentEnvelope envelope, long position)
    {
        _sent.TryAdd(envelope.Id, envelope);
        Assert.True(_answered.TryAdd(envelope.Id, position));
    }

    public SentEnvelope? Find(MessageId id) => _sent.GetValueOrDefault(id);

    /// <summary>Every envelope that was answered, with the position that its sender was told.</summary>
    public IEnumerable<(SentEnvelope Envelope, long Position)> AllAnswered() => _answered.Select(pair => (_sent[pair.Key], pair.Value));
}
