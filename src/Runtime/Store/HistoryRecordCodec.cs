using AgentFlow.Store.Sealing;

namespace AgentFlow.Store;

/// <summary>The layout of a history record before it is sealed.</summary>
internal static class HistoryRecordCodec
{
    private const byte Layout = 1;

    /// <summary>Seals a record for its place: a position, or <see cref="RecordSlot.OwnRecord"/> with E as row key.</summary>
    public static byte[] Seal(RecordSealer sealer, ulong slot, ReadOnlySpan<byte> rowKey, HistoryRecord record)
    {
        using var writer = new RowWriter(Layout);
        Span<byte> messageId = stackalloc byte[MessageId.Size];
        record.MessageId.Write(messageId);
        writer.Fixed(messageId);
        writer.Fixed(record.Sender.Span);
        writer.Fixed(record.Context.Span);
        writer.Fixed(record.CommitmentKey.Span);
        writer.Bytes(record.Header.Span);
        writer.Bytes(record.Trailer.Span);
        writer.Bytes(record.Plaintext.Span);
        return sealer.Seal(slot, rowKey, writer.Written);
    }

    /// <summary>Opens a record.</summary>
    /// <exception cref="AgentStoreException">The row is damaged.</exception>
    public static HistoryRecord Open(RecordSealer sealer, ulong slot, ReadOnlySpan<byte> rowKey, ReadOnlySpan<byte> bytes)
    {
        byte[] row = sealer.TryOpen(slot, rowKey, bytes) ?? throw AgentStoreException.Damaged("history");
        var reader = new RowReader(row, Layout);
        var messageId = reader.Fixed(MessageId.Size);
        var record = new HistoryRecord
        {
            MessageId = messageId.Length == MessageId.Size ? MessageId.Read(messageId) : default,
            Sender = new AgentId(reader.Hash()),
            Context = reader.Hash(),
            CommitmentKey = reader.Hash(),
            Header = reader.Bytes(),
            Trailer = reader.Bytes(),
            Plaintext = reader.Bytes(),
        };
        return reader.IsComplete ? record : throw AgentStoreException.Damaged("history");
    }
}
