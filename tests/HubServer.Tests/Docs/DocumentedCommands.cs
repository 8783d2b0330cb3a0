using System.Text.RegularExpressions;

namespace AgentFlow.HubServer.Tests.Docs;

/// <summary>The <c>bash</c> blocks of a page, with other places and ports in them.</summary>
internal static partial class DocumentedCommands
{
    private static readonly string[] s_places = ["/opt/agentflow-hub", "/etc/agentflow", "/var/lib/agentflow", "/var/backups/agentflow"];

    public static List<string> Read(string page) => [.. Block().Matches(page).Select(match => match.Groups[1].Value)];

    /// <summary>Puts every place below a folder, and a port of the list in the place of each of 5080 and up.</summary>
    public static string Place(string command, string folder, IReadOnlyList<int> ports)
    {
        foreach (string place in s_places)
            command = command.Replace(place, folder + place, StringComparison.Ordinal);
        return Port().Replace(command, match => ":" + ports[match.Groups[1].Value[0] - '0']);
    }

    [GeneratedRegex(@"^```bash\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@":508(\d)\b")]
    private static partial Regex Port();
}
