using System.Text.RegularExpressions;

namespace AgentFlow.Architecture.Tests;

/// <summary>Inside a room, folders depend on each other in one direction.</summary>
public sealed partial class FolderTests
{
    public static TheoryData<string> Rooms => [.. Repository.Projects.Select(project => project.Room)];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void Folders_of_a_room_do_not_depend_on_each_other_in_a_circle(string room)
    {
        var graph = Graph(room);
        var circle = graph.Keys.Select(start => Circle(graph, start, start, [])).FirstOrDefault(found => found is not null);
        Assert.True(circle is null, $"{room}: {string.Join(" → ", circle ?? [])}");
    }

    [Fact]
    public void No_source_file_hides_a_second_concept_behind_its_length()
    {
        var long_ = Repository.Sources("src").Concat(Repository.Sources("samples")).Concat(Repository.Sources("tests"))
            .Select(path => (path, lines: Repository.Read(path).AsSpan().Count('\n')))
            .Where(file => file.lines > 300)
            .Select(file => $"{file.path}: {file.lines} lines");
        Assert.Empty(long_);
    }

    /// <summary>Folder → the folders of the same room that its files name by namespace. A folder stands for itself only where it has a namespace of its own.</summary>
    private static Dictionary<string, HashSet<string>> Graph(string room)
    {
        var files = Repository.Sources("src/" + room).Select(path => (Text: Repository.Read(path), Path: path)).ToList();
        var namespaces = files
            .Select(file => (Name: Namespace().Match(file.Text).Groups[1].Value, file.Text))
            .Where(file => file.Name.Length > 0)
            .GroupBy(file => file.Name)
            .ToDictionary(group => group.Key, group => group.Select(file => file.Text).ToList());
        return namespaces.ToDictionary(
            pair => pair.Key,
            pair => namespaces.Keys
                .Where(other => other != pair.Key && !pair.Key.StartsWith(other + ".", StringComparison.Ordinal))
                .Where(other => pair.Value.Any(text => Regex.IsMatch(text, $@"(^using (static )?|global::|[^\w.]){Regex.Escape(other)}(;|\.[A-Z])", RegexOptions.Multiline)))
                .ToHashSet());
    }

    private static List<string>? Circle(Dictionary<string, HashSet<string>> graph, string start, string at, HashSet<string> seen)
    {
        foreach (string next in graph[at])
        {
            if (next == start)
                return [at, next];
            if (seen.Add(next) && Circle(graph, start, next, seen) is { } rest)
                return [at, .. rest];
        }

        return null;
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();
}
