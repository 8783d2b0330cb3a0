using AgentFlow.Protocol.Hub;
using AgentFlow.Wire.Messages;
using Google.Protobuf;

namespace AgentFlow.Wire.Values;

/// <summary>Envelopes and answers to appends as messages. The bytes are shared, not copied: neither side writes to them.</summary>
internal static class WireEnvelopes
{
    public static PlacedEnvelope ToWire(this StoredEnvelope envelope) => new()
    {
        Position = envelope.Position,
        MessageId = envelope.MessageId.ToWire(),
        Envelope = UnsafeByteOperations.UnsafeWrap(envelope.Envelope),
        IsExpired = envelope.IsExpired,
    };

    public static bool TryRead(this PlacedEnvelope? placed, out StoredEnvelope? envelope)
    {
        envelope = placed is not null && placed.Position > 0 && placed.MessageId.TryRead(out MessageId id)
            ? new StoredEnvelope(placed.Position, id, placed.Envelope.Memory, placed.IsExpired)
            : null;
        return envelope is not null;
    }

    public static AppendResult ToResult(long position, bool isDuplicate) => isDuplicate ? AppendResult.Duplicate(position) : AppendResult.Appended(position);
}
