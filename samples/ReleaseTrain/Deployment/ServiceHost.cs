using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ReleaseTrain.Tools;

namespace ReleaseTrain.Deployment;

/// <summary>A service that runs.</summary>
public sealed record RunningService(string Release, int ProcessId, string Url);

/// <summary>Starts services, and finds and ends them by their pid files, also those that an earlier run left behind.</summary>
public sealed class ServiceHost(Layout layout)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private string Folder => Directory.CreateDirectory(Path.Combine(layout.Deployments, "run")).FullName;

    /// <summary>The service of a release, if it runs.</summary>
    public RunningService? Find(string release)
    {
        string pidFile = PidFile(release);
        if (!File.Exists(pidFile) || !File.Exists(UrlFile(release)))
            return null;
        return int.TryParse(File.ReadAllText(pidFile), CultureInfo.InvariantCulture, out int pid) && IsOurs(pid, release)
            ? new RunningService(release, pid, File.ReadAllText(UrlFile(release)).Trim())
            : null;
    }

    /// <summary>Starts a release on a free port of the loopback. The child writes its own pid file before it becomes the service, so that no kill of ours can lose it.</summary>
    public RunningService Start(string release, ReleaseManifest manifest, string app)
    {
        string url = $"http://127.0.0.1:{FreePort()}";
        File.WriteAllText(UrlFile(release), url);
        File.Delete(PidFile(release));
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = app, RedirectStandardInput = true };
        foreach (string argument in (string[])[
            "-c", """echo $$ > "$1.tmp" && mv "$1.tmp" "$1" && exec "$4" "$2" < /dev/null >> "$3" 2>&1""", "sh",
            PidFile(release), Path.Combine(app, manifest.Service + ".dll"), Path.Combine(Folder, release + ".log"), ProcessRunner.Resolve("dotnet")])
            start.ArgumentList.Add(argument);
        start.Environment["ASPNETCORE_URLS"] = url;
        start.Environment["RELEASE_VERSION"] = manifest.Version;
        start.Environment["RELEASE_DIGEST"] = manifest.Digest;
        using var process = Process.Start(start) ?? throw new InvalidOperationException("/bin/sh could not be started.");
        return new RunningService(release, process.Id, url);
    }

    public async ValueTask StopAsync(string release)
    {
        if (Find(release) is { } service)
        {
            Posix.Terminate(service.ProcessId);
            long started = Stopwatch.GetTimestamp();
            while (IsOurs(service.ProcessId, release))
            {
                if (Stopwatch.GetElapsedTime(started) > s_patience)
                    Posix.KillNow(service.ProcessId);
                await Task.Delay(20);
            }
        }

        File.Delete(PidFile(release));
        File.Delete(UrlFile(release));
    }

    /// <summary>Ends every service but one; with null, all.</summary>
    public async ValueTask StopAllExceptAsync(string? release)
    {
        foreach (string path in Directory.GetFiles(Folder, "*.pid"))
        {
            string other = Path.GetFileNameWithoutExtension(path);
            if (other != release)
                await StopAsync(other);
        }
    }

    private string PidFile(string release) => Path.Combine(Folder, release + ".pid");

    private string UrlFile(string release) => Path.Combine(Folder, release + ".url");

    /// <summary>Whether a process lives and is the service of this release, and not a stranger with a recycled id.</summary>
    private static bool IsOurs(int processId, string release)
    {
        if (!Posix.IsAlive(processId))
            return false;
        string commandLine = $"/proc/{processId}/cmdline";
        try
        {
            return !Directory.Exists("/proc/self") || File.ReadAllText(commandLine).Contains(release, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false; // It ended while we looked.
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
