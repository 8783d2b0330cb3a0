using System.Text;
using AgentFlow.Store.Sealing;

namespace AgentFlow.Store.Rows;

/// <summary>Seals and opens the rows of local agents.</summary>
internal sealed class AgentRecordCodec(RecordSealer device)
{
    private const byte Layout = 1;

    public byte[] Seal(AgentRecord agent)
    {
        using var writer = new RowWriter(Layout);
        writer.Text(agent.Name);
        writer.Bytes(agent.IdentityLog.Span);
        writer.Bytes(agent.KeyBundle.Span);
        writer.Bytes(agent.Secrets.Span);
        return device.Seal(RecordSlot.Agent, agent.Agent.Span, writer.Written);
    }

    /// <summary>Names are compared without case, so that no two agents of a store differ in case alone.</summary>
    public byte[] HashName(AgentRecord agent) => device.HashName(RecordSlot.Agent, Encoding.UTF8.GetBytes(agent.Name.ToLowerInvariant()));

    public AgentRecord Open(AgentId agent, long version, ReadOnlySpan<byte> row)
    {
        byte[] body = device.TryOpen(RecordSlot.Agent, agent.Span, row) ?? throw AgentStoreException.Damaged("agent");
        var reader = new RowReader(body, Layout);
        var record = new AgentRecord
        {
            Agent = agent,
            Version = version,
            Name = reader.Text() ?? "",
            IdentityLog = reader.Bytes(),
            KeyBundle = reader.Bytes(),
            Secrets = reader.Bytes(),
        };
        return reader.IsComplete ? record : throw AgentStoreException.Damaged("agent");
    }
}
