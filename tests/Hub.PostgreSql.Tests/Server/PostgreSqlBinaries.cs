using System.Diagnostics;

namespace AgentFlow.Hub.PostgreSql.Tests.Server;

/// <summary>The programs of an installed PostgreSQL server. They refuse to run as root, so root runs them as the user postgres.</summary>
internal static class PostgreSqlBinaries
{
    private const string DebianRoot = "/usr/lib/postgresql";

    /// <summary>The folder of <c>initdb</c> and <c>pg_ctl</c>, or null.</summary>
    public static string? Folder { get; } =
        Candidates().FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "pg_ctl")));

    public static bool IsRoot => Environment.UserName == "root";

    public static async Task RunAsync(string program, params string[] arguments)
    {
        string path = Path.Combine(Folder!, program);
        var start = IsRoot ? new ProcessStartInfo("runuser", ["-u", "postgres", "--", path, .. arguments]) : new ProcessStartInfo(path, arguments);
        start.WorkingDirectory = "/";
        // What they print when all goes well is short, and nobody reads it.
        start.RedirectStandardOutput = true;
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }

    private static IEnumerable<string> Candidates()
    {
        if (Directory.Exists(DebianRoot))
        {
            foreach (string version in Directory.EnumerateDirectories(DebianRoot).OrderByDescending(path => path, StringComparer.Ordinal))
                yield return Path.Combine(version, "bin");
        }

        foreach (string folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries))
            yield return folder;
    }
}
