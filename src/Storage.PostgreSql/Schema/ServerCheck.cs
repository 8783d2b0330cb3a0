using System.Globalization;
using Npgsql;

namespace AgentFlow.Storage.PostgreSql.Schema;

/// <summary>Refuses a server on which what was acknowledged could be lost, and says what to change.</summary>
internal static class ServerCheck
{
    private const int OldestVersion = 150_000;

    public static async Task RunAsync(NpgsqlConnection connection, bool allowUnsafe, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "SELECT current_setting('server_version_num')::int, pg_is_in_recovery(), current_setting('synchronous_commit'), current_setting('fsync')",
            connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (Problem(reader.GetInt32(0), reader.GetBoolean(1), reader.GetString(2), reader.GetString(3), allowUnsafe, connection.Database) is { } problem)
            throw new StorageException(StorageErrorKind.Incompatible, problem);
    }

    internal static string? Problem(int version, bool isStandby, string synchronousCommit, string fsync, bool allowUnsafe, string? database)
    {
        if (version < OldestVersion)
        {
            int major = version / 10_000;
            return string.Create(CultureInfo.InvariantCulture, $"The server is PostgreSQL {major}. AgentFlow needs 15 or newer: upgrade the server.");
        }

        if (isStandby)
        {
            return "The server is a standby and cannot write. "
                + "Name the primary, or name all hosts and add 'Target Session Attributes=primary' to the connection string.";
        }

        if (synchronousCommit is "off" or "local")
        {
            return $"synchronous_commit is '{synchronousCommit}': what was acknowledged could be lost. "
                + $"Run this as an administrator, and start again: ALTER DATABASE \"{database}\" SET synchronous_commit = on.";
        }

        return fsync == "off" && !allowUnsafe
            ? $"fsync is off: the server may lose everything when its machine stops. Set fsync = on in postgresql.conf and restart it. "
                + $"For data that may be lost, set AllowUnsafeServer in the options of the store."
            : null;
    }
}
