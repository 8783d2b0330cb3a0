using AgentFlow.Store.Sealing;

namespace AgentFlow.Store.Rows;

/// <summary>An operation with what is stored for it, sealed before the transaction begins.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Body">The sealed content, or null.</param>
/// <param name="Name">The hashed name, or null.</param>
/// <param name="OtherBody">The sealed own record of an outbox row, or null.</param>
internal readonly record struct PreparedOperation(AgentOp Operation, byte[]? Body = null, byte[]? Name = null, byte[]? OtherBody = null);

/// <summary>A commit with all its content sealed.</summary>
internal sealed class PreparedCommit
{
    public required AgentCommit Commit { get; init; }

    public required RecordSealer Sealer { get; init; }

    /// <summary>The wrapped storage key and the row of a thread that this commit creates, or null.</summary>
    public NewThread? Creates { get; set; }

    public ThreadChange Thread { get; } = new();

    public List<(int Index, PreparedOperation Operation)> Operations { get; } = [];

    /// <summary>About how many bytes it writes.</summary>
    public int Bytes { get; set; }
}

/// <summary>What a new thread's row gets.</summary>
internal sealed record NewThread(byte[] WrappedKey, DateTimeOffset StartedAt, byte[]? Title, byte[]? Parent);
