using System.Xml;
using System.Xml.Linq;

namespace ReleaseTrain.Building;

/// <summary>The project of a tree that is the service: its one web project, or else its one executable that is no test.</summary>
public sealed record ServiceProject(string Name, string Path)
{
    public static bool TryFind(string source, out ServiceProject project, out string error)
    {
        var web = new List<string>();
        var executables = new List<string>();
        foreach (string path in Directory.EnumerateFiles(source, "*.csproj", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            Classify(path, web, executables);

        var found = web.Count > 0 ? web : executables;
        error = found.Count switch
        {
            0 => "The repository has no web project and no executable to release.",
            1 => "",
            _ => $"The repository has more than one service: {string.Join(", ", found.Select(path => System.IO.Path.GetRelativePath(source, path)))}.",
        };
        project = found.Count == 1 ? new ServiceProject(System.IO.Path.GetFileNameWithoutExtension(found[0]), found[0]) : new ServiceProject("", "");
        return found.Count == 1;
    }

    private static void Classify(string path, List<string> web, List<string> executables)
    {
        XElement? root;
        try
        {
            root = XDocument.Load(path).Root;
        }
        catch (XmlException)
        {
            return; // A project that is no XML is found out by the build, which names it.
        }

        if (root is null || root.Descendants("PackageReference").Any(reference => (string?)reference.Attribute("Include") == "Microsoft.NET.Test.Sdk"))
            return;
        if ((string?)root.Attribute("Sdk") == "Microsoft.NET.Sdk.Web")
            web.Add(path);
        else if (root.Descendants("OutputType").Any(type => string.Equals(type.Value, "Exe", StringComparison.OrdinalIgnoreCase)))
            executables.Add(path);
    }
}
