using AgentFlow.Hub.Stores;
using AgentFlow.Protocol.Hub;
using AgentFlow.Storage;

namespace AgentFlow.Hub.Sqlite;

/// <summary>The reads of threads and their logs.</summary>
internal static class ThreadReads
{
    public static ThreadPage Page(ReadSession session, ThreadId id, long after, int maxCount, int maxBytes, long now)
    {
        if (!ThreadRow.TryRead(session, id, out var thread))
            return new ThreadPage(HubStatus.NotFound, 0, 0, []);
        var envelopes = new List<StoredEnvelope>();
        long bytes = 0;
        var statement = session.Prepare("SELECT seq,msg,exp,hidden,keep_head,keep_tail,body FROM log WHERE thread=?1 AND seq>?2 ORDER BY seq LIMIT ?3")
            .Bind(1, thread.Number).Bind(2, Math.Max(0, after)).Bind(3, maxCount);
        while (statement.Step())
        {
            var body = statement.GetBlob(6);
            if (envelopes.Count > 0 && bytes + body.Length > maxBytes)
                break;
            bytes += body.Length;
            long position = statement.GetInt64(0);
            bool isRemoved = statement.GetInt64(3) != 0;
            bool isHidden = isRemoved || IsHidden(statement.GetNullableInt64(2), position, thread.First, now);
            byte[] shown = isHidden && !isRemoved
                ? HiddenBody.Of(body, (int)statement.GetInt64(4), (int)statement.GetInt64(5))
                : body.ToArray();
            envelopes.Add(new StoredEnvelope(position, MessageId.Read(statement.GetBlob(1)), shown, isHidden));
        }

        statement.Reset();
        return new ThreadPage(HubStatus.Ok, thread.First, thread.Head, envelopes);
    }

    public static ThreadInfo? Info(ReadSession session, ThreadId id) => ThreadRow.TryRead(session, id, out var row)
        ? new ThreadInfo(row.Kind, row.Head, row.First, row.IsClosed, row.MembersVersion)
        : null;

    public static LogPosition? Find(ReadSession session, ThreadId id, MessageId messageId) =>
        ThreadRow.TryRead(session, id, out var row) ? LogOps.Find(session, row.Number, messageId) : null;

    public static Bytes32? ThreadHash(ReadSession session, ThreadId id, long position)
    {
        var statement = session.Prepare("SELECT chain FROM log WHERE thread=(SELECT n FROM thread WHERE id=?1) AND seq=?2").Bind(1, id.Span).Bind(2, position);
        return statement.Step() ? new Bytes32(statement.GetBlob(0)) : null;
    }

    public static IReadOnlyList<Member> Members(ReadSession session, ThreadId id) =>
        ThreadRow.TryRead(session, id, out var row) ? Members(session, row.Number) : [];

    public static IReadOnlyList<Member> Members(ReadSession session, long thread)
    {
        var members = new List<Member>();
        var statement = session.Prepare("SELECT agent,role,from_seq FROM member WHERE thread=?1").Bind(1, thread);
        while (statement.Step())
            members.Add(new Member(new AgentId(statement.GetBlob(0)), (short)statement.GetInt64(1), statement.GetInt64(2)));
        statement.Reset();
        return members;
    }

    private static bool IsHidden(long? expiry, long position, long first, long now) =>
        expiry != -1 && (position < first || (expiry is { } time && time <= now));
}
