using System.Text.Json;
using AgentFlow;
using AgentFlow.Storage;
using ReleaseTrain.Tools;

namespace ReleaseTrain.Deployment;

/// <summary>What a release folder says of itself.</summary>
public sealed record ReleaseManifest(string Service, string Version, string Commit, string Digest, string Key);

/// <summary>The folders of releases and the link to the live one.</summary>
public sealed class Releases(Layout layout)
{
    private const string ManifestName = "release.json";
    private const string LiveMarker = "live";
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private string Folder => Path.Combine(layout.Deployments, "releases");

    private string CurrentLink => Path.Combine(layout.Deployments, "current");

    /// <summary>The name of the live release, or "".</summary>
    public string Current => new FileInfo(CurrentLink).LinkTarget is { } target ? Path.GetFileName(target) : "";

    public string PathOf(string release) => Path.Combine(Folder, release);

    public string AppOf(string release) => Path.Combine(Folder, release, "app");

    public ReleaseManifest ReadManifest(string release) =>
        JsonSerializer.Deserialize<ReleaseManifest>(File.ReadAllBytes(Path.Combine(PathOf(release), ManifestName)), s_json)
        ?? throw new InvalidDataException($"'{release}' has no manifest.");

    /// <summary>The version that is live, or "none".</summary>
    public string LiveVersion(string service) => Current is { Length: > 0 } release && ReadManifest(release) is { } live && live.Service == service ? live.Version : "none";

    /// <summary>Copies the artifact to its release folder, whose name holds the key of the approval. Null where the bytes are not the approved ones.</summary>
    public async ValueTask<string?> PrepareAsync(Deploy deploy, StepKey key, CancellationToken cancellationToken)
    {
        string name = $"{Safe(deploy.Service)}-{Safe(deploy.Version)}-{key}";
        if (Directory.Exists(PathOf(name)))
            return name;

        Directory.CreateDirectory(Folder);
        string fresh = Path.Combine(Folder, $".{name}.{Environment.ProcessId}");
        if (Directory.Exists(fresh))
            Directory.Delete(fresh, recursive: true);
        string app = Path.Combine(fresh, "app");
        Copy(deploy.Artifact, app);
        var (digest, _) = await DirectoryDigest.ComputeAsync(app, cancellationToken);
        if (digest != deploy.Digest)
        {
            Directory.Delete(fresh, recursive: true);
            return null;
        }

        var manifest = new ReleaseManifest(deploy.Service, deploy.Version, deploy.Commit, deploy.Digest, key.ToString());
        await File.WriteAllBytesAsync(Path.Combine(fresh, ManifestName), JsonSerializer.SerializeToUtf8Bytes(manifest, s_json), cancellationToken);
        FailPoint.Hit(FailPoints.ReleasePrepared);
        Directory.Move(fresh, PathOf(name));
        return name;
    }

    /// <summary>Makes a release the live one, once: a repetition finds the mark of the first and changes nothing.</summary>
    public void GoLive(string release)
    {
        string marker = Path.Combine(PathOf(release), LiveMarker);
        if (File.Exists(marker))
            return;
        Posix.SwitchLink(CurrentLink, Path.Combine("releases", release));
        FailPoint.Hit(FailPoints.LinkSwitched);
        File.WriteAllText(marker, "");
    }

    /// <summary>Goes back to what was live before, or to nothing.</summary>
    public void GoBack(string release, string before)
    {
        if (Current != release)
            return;
        if (before.Length == 0)
            File.Delete(CurrentLink);
        else
            Posix.SwitchLink(CurrentLink, Path.Combine("releases", before));
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string folder in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories))
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, folder)));
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
            File.Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
    }

    private static string Safe(string text) => string.Concat(text.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' ? c : '_'));
}
