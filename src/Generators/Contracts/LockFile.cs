using System.Text;
using AgentFlow.Generators.Shared;

namespace AgentFlow.Generators.Contracts;

/// <summary>A shape of a contract that was published.</summary>
internal sealed record LockEntry(string Name, int Version, string ProtoText);

/// <summary>
/// The file <c>agentflow.contracts.lock</c>: every published shape of every contract. A block is a line <c>name@version</c> and, indented by two spaces, its <c>.proto</c>.
/// One version has several blocks where fields were added to it. Lines that begin with <c>#</c> are comments.
/// </summary>
internal static class LockFile
{
    public const string FileName = "agentflow.contracts.lock";

    public static bool Is(string path) => string.Equals(System.IO.Path.GetFileName(path), FileName, StringComparison.Ordinal);

    /// <summary>The block of a contract, as it is appended to the file.</summary>
    public static string Render(string name, int version, string protoText)
    {
        var text = new StringBuilder().Append(name).Append('@').Append(version.ToString(System.Globalization.CultureInfo.InvariantCulture)).Append('\n');
        foreach (string line in protoText.TrimEnd('\n').Split('\n'))
            text.Append(line.Length == 0 ? "" : "  ").Append(line).Append('\n');
        return text.ToString();
    }

    public static EquatableArray<LockEntry> Parse(string text)
    {
        var entries = new List<LockEntry>();
        (string Name, int Version)? head = null;
        var body = new StringBuilder();
        foreach (string raw in text.Split('\n'))
        {
            string line = raw.TrimEnd();
            if (line.StartsWith("#", StringComparison.Ordinal))
                continue;
            if (line.Length == 0 || line[0] == ' ')
            {
                body.Append(line.StartsWith("  ", StringComparison.Ordinal) ? line.Substring(2) : line.Trim()).Append('\n');
                continue;
            }

            Finish();
            int at = line.LastIndexOf('@');
            head = at > 0 && int.TryParse(line.Substring(at + 1), out int version) ? (line.Substring(0, at), version) : null;
        }

        Finish();
        return entries.ToEquatableArray();

        void Finish()
        {
            if (head is var (name, version))
                entries.Add(new LockEntry(name, version, body.ToString().Trim('\n') + "\n"));
            body.Clear();
        }
    }
}
