using AgentFlow.Storage.PostgreSql.Connections;
using Npgsql;
using NpgsqlTypes;

namespace AgentFlow.PostgreSql.Reads;

/// <summary>Parameters of the agents' own types, and such as may be null.</summary>
internal static class Arguments
{
    public static NpgsqlParameter Of(AgentId agent) => Parameters.Of(agent.Value.ToArray());

    public static NpgsqlParameter Of(ThreadId thread) => Parameters.Of(thread.Value.ToArray());

    public static NpgsqlParameter Of(Bytes32 hash) => Parameters.Of(hash.ToArray());

    public static NpgsqlParameter Of(AgentId? agent) => Parameters.Of(agent?.Value.ToArray());

    public static NpgsqlParameter Of(ThreadId? thread) => Parameters.Of(thread?.Value.ToArray());

    public static NpgsqlParameter Of(long? value) => new() { Value = value is { } number ? number : DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint };

    public static NpgsqlParameter Of(int? value) => new() { Value = value is { } number ? number : DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer };

    public static NpgsqlParameter Of(DateTimeOffset? time) => Of(time?.ToUnixTimeMilliseconds());

    public static NpgsqlParameter Blobs(byte[][] values) => Parameters.Array(values, NpgsqlDbType.Bytea);
}
