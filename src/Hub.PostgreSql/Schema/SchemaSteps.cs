using AgentFlow.Storage;
using AgentFlow.Storage.PostgreSql.Schema;

namespace AgentFlow.Hub.PostgreSql.Schema;

/// <summary>The steps of the hub's schema: the SQL files beside this one.</summary>
internal static class SchemaSteps
{
    /// <summary>The name of the schema.</summary>
    public const string Name = "agentflow";

    public static IReadOnlyList<Migration> All { get; } = SchemaFiles.Of(typeof(SchemaSteps).Assembly);
}
