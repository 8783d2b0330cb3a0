using AgentFlow.Storage;
using AgentFlow.Storage.PostgreSql.Schema;

namespace AgentFlow.PostgreSql.Schema;

/// <summary>The steps of the agents' schema: the SQL files beside this one.</summary>
internal static class AgentSchemaSteps
{
    public static IReadOnlyList<Migration> All { get; } = SchemaFiles.Of(typeof(AgentSchemaSteps).Assembly);
}
