using AgentFlow.PostgreSql.Reads;
using AgentFlow.Storage.PostgreSql.Connections;
using AgentFlow.Store;
using AgentFlow.Store.Rows;
using AgentFlow.Store.Sealing;
using Npgsql;

namespace AgentFlow.PostgreSql.Commits;

/// <summary>The records of own envelopes that get their positions in a commit, sealed again for them.</summary>
internal static class OwnRecords
{
    private const string Sql = "SELECT env, body FROM own WHERE thread = $1 AND env = ANY($2)";

    public static async Task<IReadOnlyDictionary<Bytes32, byte[]>> ReadAsync(
        NpgsqlConnection connection, long thread, PreparedCommit prepared, CancellationToken cancellationToken)
    {
        var positions = prepared.Operations.Select(operation => operation.Operation.Operation).OfType<AgentOp.AddHistory>()
            .Where(history => history is { Status: HistoryStatus.Own, Record: null }).ToDictionary(history => history.Envelope, history => history.Position);
        var records = new Dictionary<Bytes32, byte[]>();
        if (positions.Count == 0)
            return records;
        void Add(Bytes32 envelope, byte[] body)
        {
            var record = HistoryRecordCodec.Open(prepared.Sealer, RecordSlot.OwnRecord, envelope.Span, body);
            records[envelope] = HistoryRecordCodec.Seal(prepared.Sealer, RecordSlot.History(positions[envelope]), default, record);
        }

        await using (var command = new NpgsqlCommand(Sql, connection)
        {
            Parameters = { Parameters.Of(thread), Arguments.Blobs([.. positions.Keys.Select(envelope => envelope.ToArray())]) },
        })
        {
            await command.PrepareAsync(cancellationToken).ConfigureAwait(false);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                Add(reader.GetHash(0), reader.GetBlob(1));
        }

        // One that the same commit brings does not stand in the table yet.
        foreach (var (_, operation) in prepared.Operations)
        {
            if (operation is { Operation: AgentOp.AddOutbox outbox, OtherBody: { } body } && positions.ContainsKey(outbox.Envelope))
                Add(outbox.Envelope, body);
        }

        return records;
    }
}
