using Npgsql;
using NpgsqlTypes;

namespace AgentFlow.Storage.PostgreSql.Connections;

/// <summary>Parameters by place, of the types that the functions of the schema take.</summary>
internal static class Parameters
{
    public static NpgsqlParameter Of(long value) => new NpgsqlParameter<long> { TypedValue = value };

    public static NpgsqlParameter Of(int value) => new NpgsqlParameter<int> { TypedValue = value };

    public static NpgsqlParameter Of(bool value) => new NpgsqlParameter<bool> { TypedValue = value };

    public static NpgsqlParameter Of(Guid value) => new NpgsqlParameter<Guid> { TypedValue = value };

    public static NpgsqlParameter Shard(int number) => new NpgsqlParameter<short> { TypedValue = (short)number };

    public static NpgsqlParameter Of(ReadOnlyMemory<byte> value) =>
        new NpgsqlParameter<ReadOnlyMemory<byte>> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Bytea };

    public static NpgsqlParameter Of(byte[]? value) => new() { Value = value is null ? DBNull.Value : value, NpgsqlDbType = NpgsqlDbType.Bytea };

    public static NpgsqlParameter Array<T>(T[] values, NpgsqlDbType type) =>
        new NpgsqlParameter<T[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type };
}
