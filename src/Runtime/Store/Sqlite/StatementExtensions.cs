using AgentFlow.Storage;

namespace AgentFlow.Store.Sqlite;

/// <summary>Short forms for statements.</summary>
internal static class StatementExtensions
{
    /// <summary>Binds bytes, or NULL.</summary>
    public static Statement BindBlob(this Statement statement, int parameter, byte[]? value) =>
        value is null ? statement.BindNull(parameter) : statement.Bind(parameter, value);

    /// <summary>Reads 32 bytes.</summary>
    public static Bytes32 GetHash(this Statement statement, int column)
    {
        var bytes = statement.GetBlob(column);
        return bytes.Length == Bytes32.Size ? new Bytes32(bytes) : throw AgentStoreException.Damaged("id");
    }

    /// <summary>Reads bytes, or null.</summary>
    public static byte[]? GetBytes(this Statement statement, int column) => statement.IsNull(column) ? null : statement.GetBlob(column).ToArray();

    /// <summary>Reads a time in milliseconds.</summary>
    public static DateTimeOffset GetTime(this Statement statement, int column) => DateTimeOffset.FromUnixTimeMilliseconds(statement.GetInt64(column));
}
