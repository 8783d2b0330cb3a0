namespace AgentFlow.Architecture.Tests;

/// <summary>Who may reference whom.</summary>
public sealed class RoomTests
{
    /// <summary>Room, the rooms that it may reference, the packages that it may reference by prefix.</summary>
    private static readonly Dictionary<string, (string[] Rooms, string[] Packages)> s_table = new()
    {
        ["Protocol"] = ([], []),
        ["Generators"] = ([], ["Microsoft.CodeAnalysis."]),
        ["CodeFixes"] = (["Generators"], ["Microsoft.CodeAnalysis."]),
        ["Storage"] = ([], ["SQLitePCLRaw."]),
        ["Runtime"] = (["Protocol", "Storage"], ["Microsoft.Extensions."]),
        ["Hub"] = (["Protocol", "Storage"], []),
        ["Wire"] = (["Protocol"], ["Google.Protobuf", "Grpc.Tools"]),
        ["Client"] = (["Runtime", "Wire"], []),
        ["Host"] = (["Runtime", "Hub", "Wire"], []),
        ["Storage.PostgreSql"] = (["Storage"], ["Npgsql"]),
        ["Hub.PostgreSql"] = (["Hub", "Storage.PostgreSql"], ["Npgsql"]),
        ["Runtime.PostgreSql"] = (["Runtime", "Storage.PostgreSql"], ["Npgsql"]),
        ["HubServer"] = (["Host", "Hub.PostgreSql"], ["OpenTelemetry", "System.CommandLine"]),
        ["Testing"] = (["Runtime", "Hub"], ["Microsoft.Extensions."]),
    };

    [Fact]
    public void Every_room_is_in_the_table() => Assert.Empty(Repository.Projects.Select(project => project.Room).Except(s_table.Keys));

    [Fact]
    public void A_room_references_only_the_rooms_that_it_may() =>
        Assert.Empty(Repository.Projects.SelectMany(project => project.Rooms.Except(s_table[project.Room].Rooms).Select(room => $"{project.Room} references {room}")));

    [Fact]
    public void A_room_references_only_the_packages_that_it_may() =>
        Assert.Empty(Repository.Projects.SelectMany(project => project.Packages
            .Where(package => !s_table[project.Room].Packages.Any(prefix => package.StartsWith(prefix, StringComparison.Ordinal)))
            .Select(package => $"{project.Room} references {package}")));

    [Fact]
    public void No_project_names_a_version_of_a_package()
    {
        var versioned = Repository.Files
            .Where(path => path.EndsWith(".csproj", StringComparison.Ordinal) && !path.Contains("/shop/", StringComparison.Ordinal))
            .Where(path => System.Text.RegularExpressions.Regex.IsMatch(Repository.Read(path), "<PackageReference[^>]*Version="));
        Assert.Empty(versioned);
    }
}
