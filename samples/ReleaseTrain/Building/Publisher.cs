using System.Diagnostics;
using AgentFlow;
using ReleaseTrain.Tools;

namespace ReleaseTrain.Building;

/// <summary>Takes the committed tree out of git and publishes its one service.</summary>
public sealed class Publisher(ProcessRunner tools, Layout layout)
{
    public async ValueTask<PublishResult> PublishAsync(string repository, StepKey key, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        // A killed try leaves its folder behind, and its tools may still write there: every try has its own.
        string attempt = Path.Combine(layout.Work, $"{key}-{Environment.ProcessId}-{started}");
        string source = Path.Combine(attempt, "source");
        string artifact = Path.Combine(attempt, "artifact");
        Directory.CreateDirectory(source);

        var head = await tools.RunAsync("git", repository, ["rev-parse", "HEAD"], cancellationToken);
        if (!head.Succeeded)
            return Failure($"'{repository}' is not a git repository with a commit.", head);
        string commit = head.Output.Trim();

        string archive = Path.Combine(attempt, "source.tar");
        var export = await tools.RunAsync("git", repository, ["archive", "--format=tar", "-o", archive, commit], cancellationToken);
        if (!export.Succeeded)
            return Failure("The committed tree could not be exported.", export);
        await System.Formats.Tar.TarFile.ExtractToDirectoryAsync(archive, source, overwriteFiles: true, cancellationToken);
        File.Delete(archive);

        if (!ServiceProject.TryFind(source, out var project, out string error))
            return new PublishResult(null, error, []);

        var publish = await tools.RunAsync(
            "dotnet", source, ["publish", project.Path, "-c", "Release", "-o", artifact, "--nologo", "-p:UseAppHost=false", "-p:DebugType=none"], cancellationToken);
        if (!publish.Succeeded)
            return Failure($"'dotnet publish' of {project.Name} failed.", publish);
        var property = await tools.RunAsync("dotnet", source, ["msbuild", project.Path, "-getProperty:Version", "-nologo"], cancellationToken);
        if (!property.Succeeded)
            return Failure("The version of the service could not be read.", property);

        var (digest, bytes) = await DirectoryDigest.ComputeAsync(artifact, cancellationToken);
        return new PublishResult(
            new Built(project.Name, property.Output.Trim(), commit, source, artifact, digest, bytes, Stopwatch.GetElapsedTime(started)), null, []);
    }

    private static PublishResult Failure(string error, ProcessResult result) => new(null, error, result.LastLines(10));
}
