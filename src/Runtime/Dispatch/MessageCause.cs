namespace AgentFlow.Dispatch;

/// <summary>What a handler is called for: the message's place, and what keys and ids are derived from.</summary>
internal readonly record struct MessageCause
{
    /// <summary>The thread.</summary>
    public required ThreadId Thread { get; init; }

    /// <summary>The position of the message's envelope.</summary>
    public required long Position { get; init; }

    /// <summary>The index of its frame.</summary>
    public required int Frame { get; init; }

    /// <summary>The id of its envelope.</summary>
    public required MessageId MessageId { get; init; }

    /// <summary>Who sent it.</summary>
    public required AgentId Sender { get; init; }

    /// <summary>When its sender says it was sent, in Unix milliseconds.</summary>
    public required long SentAt { get; init; }

    /// <summary>E of its envelope.</summary>
    public required Bytes32 Envelope { get; init; }

    /// <summary>The exchange that it belongs to.</summary>
    public MessageId Correlation { get; init; }

    /// <summary>Whether it acts on an approved request, so that its steps share the effect key of the request.</summary>
    public bool IsApproved { get; init; }

    /// <summary>0 for the message itself, 1 for the continuation of an approval: both derive ids of their own.</summary>
    public byte Phase { get; init; }
}
