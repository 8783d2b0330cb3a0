using System.Text.Json;
using AgentFlow;

namespace ReleaseTrain.Scanning;

/// <summary>Judges the packages that an artifact ships: pre-releases, and versions with a published advisory.</summary>
public sealed class DependencyRules
{
    /// <summary>Package, first fixed version, advisory.</summary>
    private static readonly (string Package, Version Fixed, string Advisory)[] s_advisories =
    [
        ("Newtonsoft.Json", new Version(13, 0, 1), "CVE-2024-21907: deep nesting exhausts the stack"),
        ("log4net", new Version(2, 0, 10), "CVE-2018-1285: XML external entities"),
    ];

    /// <summary>Inspects a <c>.deps.json</c>.</summary>
    public IEnumerable<Finding> Inspect(ReadOnlyMemory<byte> depsJson, string place)
    {
        using var document = JsonDocument.Parse(depsJson);
        if (!document.RootElement.TryGetProperty("libraries", out var libraries))
            yield break;
        foreach (var library in libraries.EnumerateObject())
        {
            if (library.Value.TryGetProperty("type", out var type) && type.GetString() != "package")
                continue;
            string[] parts = library.Name.Split('/');
            if (parts.Length != 2)
                continue;
            string[] version = parts[1].Split('-', 2);
            if (version.Length == 2)
                yield return new Finding("pre-release-dependency", Risk.Medium, place, $"{parts[0]} {parts[1]}");
            foreach (var (package, firstFixed, advisory) in s_advisories)
            {
                if (string.Equals(package, parts[0], StringComparison.OrdinalIgnoreCase) && Version.TryParse(version[0], out var shipped) && shipped < firstFixed)
                    yield return new Finding("known-vulnerability", Risk.High, place, $"{parts[0]} {parts[1]}: {advisory}");
            }
        }
    }
}
