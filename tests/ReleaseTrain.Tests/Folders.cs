namespace AgentFlow.ReleaseTrain.Tests;

/// <summary>A folder that is deleted at the end of a test, and the git repositories in it.</summary>
internal sealed class TestFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("agentflow-train-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>A git repository with a copy of the shop, one commit.</summary>
    public async Task<string> CloneShopAsync(Action<string>? change = null)
    {
        string target = this["shop"];
        CopySources(Paths.Shop, target);
        change?.Invoke(target);
        await CommitAsync(target);
        return target;
    }

    public static async Task CommitAsync(string folder)
    {
        await Programs.RunWellAsync("git", ["init", "-q", "-b", "main"], folder);
        await Programs.RunWellAsync("git", ["add", "-A"], folder);
        await Programs.RunWellAsync("git", ["-c", "user.name=test", "-c", "user.email=test@localhost", "commit", "-q", "-m", "all"], folder);
    }

    public static void CopySources(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.EnumerateFiles(from))
            File.Copy(file, System.IO.Path.Combine(to, System.IO.Path.GetFileName(file)));
        foreach (string folder in Directory.EnumerateDirectories(from))
        {
            if (System.IO.Path.GetFileName(folder) is not ("bin" or "obj" or "TestResults"))
                CopySources(folder, System.IO.Path.Combine(to, System.IO.Path.GetFileName(folder)));
        }
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
