using System.Reflection;
using System.Text.RegularExpressions;

namespace AgentFlow.Generators.Tests.Diagnostics;

/// <summary>docs/diagnostics.md, cut in sections.</summary>
internal static partial class DiagnosticsPage
{
    public static IReadOnlyDictionary<string, Section> Sections { get; } = Read();

    public static string Root { get; } = FindRoot();

    private static Dictionary<string, Section> Read()
    {
        string page = File.ReadAllText(Path.Combine(FindRoot(), "docs", "diagnostics.md"));
        return page.Split("\n## ").Skip(1).Select(Parse).ToDictionary(s => s.Id, StringComparer.Ordinal);
    }

    private static Section Parse(string text)
    {
        string[] code = [.. Code().Matches(text).Select(m => m.Groups[1].Value)];
        string[] locks = [.. Lock().Matches(text).Select(m => m.Groups[1].Value)];
        return new Section(text[..text.IndexOf('\n', StringComparison.Ordinal)].Trim(), Title().Match(text).Groups[1].Value.Replace("`", "", StringComparison.Ordinal), code, locks);
    }

    private static string FindRoot()
    {
        for (string? at = AppContext.BaseDirectory; at is not null; at = Path.GetDirectoryName(at))
        {
            if (File.Exists(Path.Combine(at, "AgentFlow.sln")))
                return at;
        }

        throw new InvalidOperationException("The repository's root was not found above the test's output.");
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex("```text\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Lock();

    [GeneratedRegex(@"\*\*(.+?)\*\* \(")]
    private static partial Regex Title();
}

/// <summary>One rule of the page.</summary>
/// <param name="Id">The rule.</param>
/// <param name="Title">Its title, without marks.</param>
/// <param name="Code">Its C# examples: the failing one and the fixed one.</param>
/// <param name="Locks">The contents of agentflow.contracts.lock beside them, in the same order; none, one for both, or one for each.</param>
internal sealed record Section(string Id, string Title, string[] Code, string[] Locks);
