using Npgsql;

namespace AgentFlow.Storage.PostgreSql.Connections;

/// <summary>What a failure of the database means for the one who asked.</summary>
internal static class Failures
{
    // Of PostgreSQL's manual, appendix A; the second since version 17.
    private const string IdleInTransactionTimeout = "25P03";
    private const string TransactionTimeout = "25P04";

    /// <summary>Whether the server undid the transaction because of another one, so that doing it again can succeed at once.</summary>
    public static bool IsLostRace(Exception error) =>
        error is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure };

    /// <summary>Whether the statement itself is wrong for the server, so that its neighbours in the batch may succeed without it.</summary>
    public static bool IsOfOneCommit(Exception error) =>
        error is PostgresException && KindOf(error) is StorageErrorKind.Sql or StorageErrorKind.Constraint or StorageErrorKind.TooLarge;

    /// <summary>Whether the connection can be used again after the failure.</summary>
    public static bool LeavesConnection(Exception error) => error is PostgresException && KindOf(error) != StorageErrorKind.Unavailable;

    public static bool IsOfDatabase(Exception error) => error is NpgsqlException or TimeoutException or IOException or System.Net.Sockets.SocketException;

    public static StorageException Wrap(Exception error) => new(KindOf(error), $"PostgreSQL: {error.Message}", error);

    /// <summary>
    /// Where the server says that it undid the transaction, nothing was written. Where it says nothing, or is going down, the outcome is unknown.
    /// </summary>
    public static StorageErrorKind KindOf(Exception error) =>
        error is PostgresException { SqlState: { Length: 5 } state } ? KindOf(state) : StorageErrorKind.Unavailable;

    private static StorageErrorKind KindOf(string state) => state switch
    {
        PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.QueryCanceled => StorageErrorKind.Busy,
        PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure => StorageErrorKind.Busy,
        PostgresErrorCodes.DiskFull => StorageErrorKind.DiskFull,
        PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted => StorageErrorKind.Corrupt,
        PostgresErrorCodes.ProgramLimitExceeded => StorageErrorKind.TooLarge,
        PostgresErrorCodes.ReadOnlySqlTransaction => StorageErrorKind.Unavailable,
        // The server ended the connection, because this process stood still in a transaction: its statement is none that is wrong.
        IdleInTransactionTimeout or TransactionTimeout => StorageErrorKind.Unavailable,
        _ => state[..2] switch
        {
            "23" => StorageErrorKind.Constraint,
            // Connection, resources, operator, system.
            "08" or "53" or "57" or "58" => StorageErrorKind.Unavailable,
            _ => StorageErrorKind.Sql,
        },
    };
}
