using System.Text;
using AgentFlow.Store.Sealing;

namespace AgentFlow.Store.Rows;

/// <summary>Opens the rows of a thread. What does not open was changed or damaged.</summary>
internal static class SealedRows
{
    private const byte PairLayout = 1;

    public static HistoryRow OpenHistory(RecordSealer sealer, long position, Bytes32 envelope, Bytes32 threadHash, HistoryStatus status,
        ReadOnlySpan<byte> body)
    {
        var record = body.IsEmpty ? null : HistoryRecordCodec.Open(sealer, RecordSlot.History(position), default, body);
        return new HistoryRow(position, envelope, threadHash, status, record);
    }

    public static OutboxRow OpenOutbox(RecordSealer sealer, ReadOnlySpan<byte> messageId, Bytes32 envelope, bool isGenesis, ReadOnlySpan<byte> body) =>
        new(MessageId.Read(messageId), envelope, Open(sealer, RecordSlot.Outbox, messageId, body, "outbox"), isGenesis);

    public static byte[] OpenJournal(RecordSealer sealer, ReadOnlySpan<byte> name, ReadOnlySpan<byte> body) =>
        Open(sealer, RecordSlot.Journal, name, body, "journal");

    public static StateRow OpenState(RecordSealer sealer, ReadOnlySpan<byte> name, int schemaVersion, long version, ReadOnlySpan<byte> body) =>
        new(schemaVersion, version, Open(sealer, RecordSlot.State, name, body, "state"));

    public static ApprovalRow OpenApproval(ThreadScope thread, Bytes32 request, ApprovalState state, ReadOnlySpan<byte> body) =>
        new(thread.Agent, thread.Thread, request, state, Open(thread.Sealer, RecordSlot.Approval, RowKeys.Of(request, state), body, "approval"));

    public static TimerRow OpenTimer(ThreadScope thread, DateTimeOffset due, int kind, ReadOnlySpan<byte> name, ReadOnlySpan<byte> body)
    {
        var (key, payload) = OpenPair(thread.Sealer, RecordSlot.Timer, RowKeys.Of(kind, name), body);
        return new TimerRow(thread.Agent, thread.Thread, due, kind, key, payload);
    }

    public static DeadLetterRow OpenDeadLetter(ThreadScope thread, FramePosition frame, DateTimeOffset at, ReadOnlySpan<byte> body)
    {
        var (cause, bytes) = OpenPair(thread.Sealer, RecordSlot.DeadLetter, RowKeys.Of(frame), body);
        return new DeadLetterRow(thread.Agent, thread.Thread, frame, at, Encoding.UTF8.GetString(cause), bytes);
    }

    public static AuditRow OpenAudit(RecordSealer sealer, long number, DateTimeOffset at, int kind, ReadOnlySpan<byte> body) =>
        new(number, at, kind, Open(sealer, RecordSlot.Audit, RowKeys.Of(kind, default), body, "audit"));

    private static byte[] Open(RecordSealer sealer, ulong slot, ReadOnlySpan<byte> rowKey, ReadOnlySpan<byte> body, string kind) =>
        sealer.TryOpen(slot, rowKey, body) ?? throw AgentStoreException.Damaged(kind);

    private static (byte[] First, byte[] Second) OpenPair(RecordSealer sealer, ulong slot, ReadOnlySpan<byte> rowKey, ReadOnlySpan<byte> body)
    {
        var reader = new RowReader(Open(sealer, slot, rowKey, body, "pair"), PairLayout);
        var pair = (reader.Bytes(), reader.Bytes());
        return reader.IsComplete ? pair : throw AgentStoreException.Damaged("pair");
    }
}
