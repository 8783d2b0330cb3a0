namespace AgentFlow.ReleaseTrain.Tests;

/// <summary>The processes of this machine.</summary>
internal static class Processes
{
    /// <summary>The ids of processes whose command line names a path.</summary>
    public static IReadOnlyList<string> Naming(string path)
    {
        var found = new List<string>();
        foreach (string folder in Directory.GetDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out int _)))
        {
            try
            {
                if (File.ReadAllText(Path.Combine(folder, "cmdline")).Contains(path, StringComparison.Ordinal))
                    found.Add(Path.GetFileName(folder));
            }
            catch (IOException)
            {
                // It ended while we looked.
            }
        }

        return found;
    }
}
