using AgentFlow.Storage;

namespace AgentFlow.Hub.PostgreSql.Schema;

/// <summary>The steps of the schema: the SQL files beside this one, by name. A released step never changes.</summary>
internal static class SchemaSteps
{
    public static IReadOnlyList<Migration> All { get; } =
        [.. typeof(SchemaSteps).Assembly.GetManifestResourceNames().Order(StringComparer.Ordinal).Select(name => new Migration(name, Read(name)))];

    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(SchemaSteps).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
