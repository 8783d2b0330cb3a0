using AgentFlow.Storage;
using AgentFlow.Store.Rows;

namespace AgentFlow.Store.Sqlite;

/// <summary>Reads and writes the rows of local agents.</summary>
internal sealed class AgentRows(AgentRecordCodec codec)
{
    public IReadOnlyList<AgentRecord> List(ReadSession session)
    {
        var row = session.Prepare("SELECT agent, version, body FROM agent ORDER BY agent");
        var agents = new List<AgentRecord>();
        while (row.Step())
            agents.Add(Read(row));
        return agents;
    }

    public AgentRecord? Find(ReadSession session, AgentId agent)
    {
        var row = session.Prepare("SELECT agent, version, body FROM agent WHERE agent = ?1").Bind(1, agent.Span);
        return row.Step() ? Read(row) : null;
    }

    public static bool Put(WriteSession session, AgentRecord agent, byte[] name, byte[] body)
    {
        var standing = session.Prepare("SELECT version FROM agent WHERE agent = ?1").Bind(1, agent.Agent.Span);
        long version = standing.Step() ? standing.GetInt64(0) : 0;
        standing.Reset();
        var taken = session.Prepare("SELECT 1 FROM agent WHERE name = ?1 AND agent <> ?2").Bind(1, name).Bind(2, agent.Agent.Span);
        bool isTaken = taken.Step();
        taken.Reset();
        if (version != agent.Version || isTaken)
            return false;
        session.Prepare("""
            INSERT INTO agent(agent, name, version, body) VALUES(?1, ?2, ?3, ?4)
            ON CONFLICT(agent) DO UPDATE SET name = excluded.name, version = excluded.version, body = excluded.body
            """).Bind(1, agent.Agent.Span).Bind(2, name).Bind(3, version + 1).Bind(4, body).Run();
        return true;
    }

    private AgentRecord Read(Statement row) => codec.Open(new AgentId(row.GetHash(0)), row.GetInt64(1), row.GetBlob(2));
}
