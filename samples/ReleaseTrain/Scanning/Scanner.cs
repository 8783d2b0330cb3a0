namespace ReleaseTrain.Scanning;

/// <summary>Looks for secrets in the tree and at the versions of what the artifact ships.</summary>
public sealed class Scanner(SecretRules secrets, DependencyRules dependencies)
{
    private const int MaximumFindings = 50;
    private const long MaximumFileSize = 1 << 20;
    private static readonly string[] s_skippedFolders = ["bin", "obj", ".git", "node_modules", "TestResults"];

    public async ValueTask<ScanReport> ScanAsync(string source, string artifact, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        foreach (string path in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string name = Path.GetRelativePath(source, path);
            if (name.Split(Path.DirectorySeparatorChar).Any(part => s_skippedFolders.Contains(part)) || new FileInfo(path).Length > MaximumFileSize)
                continue;
            string[] lines = await File.ReadAllLinesAsync(path, cancellationToken);
            for (int i = 0; i < lines.Length; i++)
                findings.AddRange(secrets.Inspect(lines[i]).Select(hit => new Finding(hit.Rule, hit.Risk, $"{name}:{i + 1}", hit.Masked)));
        }

        foreach (string path in Directory.EnumerateFiles(artifact, "*.deps.json").Order(StringComparer.Ordinal))
            findings.AddRange(dependencies.Inspect(await File.ReadAllBytesAsync(path, cancellationToken), Path.GetFileName(path)));
        return new ScanReport([.. findings.OrderByDescending(finding => finding.Risk).Take(MaximumFindings)]);
    }
}
