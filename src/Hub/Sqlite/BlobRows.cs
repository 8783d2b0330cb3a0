using AgentFlow.Protocol.Hub;
using AgentFlow.Storage;

namespace AgentFlow.Hub.Sqlite;

/// <summary>Blobs by their id. Equal ids are equal bytes, so the first one stays.</summary>
internal static class BlobRows
{
    public static HubStatus Put(WriteSession session, Bytes32 id, ReadOnlySpan<byte> bytes, long now)
    {
        session.Prepare("INSERT INTO blob(id,at,v) VALUES(?1,?2,?3) ON CONFLICT DO NOTHING").Bind(1, id.Span).Bind(2, now).Bind(3, bytes).Run();
        return HubStatus.Ok;
    }

    public static ReadOnlyMemory<byte>? Get(ReadSession session, Bytes32 id)
    {
        var statement = session.Prepare("SELECT v FROM blob WHERE id=?1").Bind(1, id.Span);
        // Without the cast to the nullable type, the conditional would turn "no row" into an empty array.
        return statement.Step() ? (ReadOnlyMemory<byte>?)statement.GetBlob(0).ToArray() : null;
    }
}
