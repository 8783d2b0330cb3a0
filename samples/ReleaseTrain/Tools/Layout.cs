using AgentFlow.Storage;

namespace ReleaseTrain.Tools;

/// <summary>Where the train keeps its files.</summary>
/// <param name="root">The folder of everything.</param>
/// <param name="machine">Which of several processes this is, each with stores and keys of its own; null where one process is the whole train.</param>
public sealed class Layout(string root, string? machine = null)
{
    public string Root { get; } = Path.GetFullPath(root);

    /// <summary>The stores and keys of AgentFlow.</summary>
    public string Store => machine is null ? Path.Combine(Root, ".agentflow") : Path.Combine(Root, "machines", machine);

    /// <summary>Sources and results that a step may make again, shared by all machines.</summary>
    public string Work => Path.Combine(Root, ".agentflow", "work");

    public string Receipts => Path.Combine(Store, "receipts");

    public string Deployments => Path.Combine(Root, "deployments");

    /// <summary>Makes the folders, and stops MSBuild from taking settings of the folders above the work folder.</summary>
    public void Create()
    {
        Directory.CreateDirectory(Work);
        Directory.CreateDirectory(Store);
        Directory.CreateDirectory(Receipts);
        Directory.CreateDirectory(Deployments);
        foreach (string name in (string[])["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"])
            WriteOnce(Path.Combine(Work, name), "<Project />\n");
        WriteOnce(Path.Combine(Work, ".editorconfig"), "root = true\n");
    }

    /// <summary>Deletes the sources and results of finished runs.</summary>
    public void CleanWork()
    {
        foreach (string attempt in Directory.GetDirectories(Work))
            Directory.Delete(attempt, recursive: true);
    }

    /// <summary>Refuses to go on while another process has the stores open.</summary>
    /// <exception cref="StorageException">It has.</exception>
    public void RefuseIfInUse()
    {
        foreach (string path in Directory.GetFiles(Store, "*.lock"))
        {
            try
            {
                using var unused = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e)
            {
                throw new StorageException(StorageErrorKind.Locked, $"Another process has '{Store}' open.", e);
            }
        }
    }

    private static void WriteOnce(string path, string content)
    {
        if (!File.Exists(path))
            File.WriteAllText(path, content);
    }
}
