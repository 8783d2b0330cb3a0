using AgentFlow.Store;
using Npgsql;

namespace AgentFlow.PostgreSql.Commits;

/// <summary>A statement of one operation.</summary>
/// <param name="Operation">The index of the operation in its commit.</param>
/// <param name="Command">The statement. Its first parameter is the thread's number.</param>
/// <param name="Otherwise">What it means when no row was written, or null where that is right too.</param>
internal readonly record struct OpCommand(int Operation, NpgsqlBatchCommand Command, AgentCommitStatus? Otherwise)
{
    /// <summary>Whether the statement did what it had to, once it has run.</summary>
    public bool Fits => Otherwise is null || Command.RecordsAffected == 1;
}
