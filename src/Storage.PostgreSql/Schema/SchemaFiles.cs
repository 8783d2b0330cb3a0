using System.Reflection;

namespace AgentFlow.Storage.PostgreSql.Schema;

/// <summary>The steps of a schema that a room embeds: its SQL files, by name. A released step never changes.</summary>
internal static class SchemaFiles
{
    public static IReadOnlyList<Migration> Of(Assembly room) =>
        [.. room.GetManifestResourceNames().Order(StringComparer.Ordinal).Select(name => new Migration(name, Read(room, name)))];

    private static string Read(Assembly room, string name)
    {
        using var reader = new StreamReader(room.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
