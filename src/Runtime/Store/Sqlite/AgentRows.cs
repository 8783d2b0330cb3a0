using System.Text;
using AgentFlow.Storage;
using AgentFlow.Store.Sealing;

namespace AgentFlow.Store.Sqlite;

/// <summary>Reads and writes the rows that belong to no thread: local agents and pins of peers.</summary>
internal sealed class AgentRows(RecordSealer device)
{
    private const byte Layout = 1;

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

    public byte[] Seal(AgentRecord agent)
    {
        using var writer = new RowWriter(Layout);
        writer.Text(agent.Name);
        writer.Bytes(agent.IdentityLog.Span);
        writer.Bytes(agent.KeyBundle.Span);
        writer.Bytes(agent.Secrets.Span);
        return device.Seal(RecordSlot.Agent, agent.Agent.Span, writer.Written);
    }

    /// <summary>Names are compared without case, so that no two agents of a process differ in case alone.</summary>
    public byte[] HashName(AgentRecord agent) => device.HashName(RecordSlot.Agent, Encoding.UTF8.GetBytes(agent.Name.ToLowerInvariant()));

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

    private AgentRecord Read(Statement row)
    {
        var agent = new AgentId(row.GetHash(0));
        byte[] body = device.TryOpen(RecordSlot.Agent, agent.Span, row.GetBlob(2)) ?? throw AgentStoreException.Damaged("agent");
        var reader = new RowReader(body, Layout);
        var record = new AgentRecord
        {
            Agent = agent,
            Version = row.GetInt64(1),
            Name = reader.Text() ?? "",
            IdentityLog = reader.Bytes(),
            KeyBundle = reader.Bytes(),
            Secrets = reader.Bytes(),
        };
        return reader.IsComplete ? record : throw AgentStoreException.Damaged("agent");
    }
}
