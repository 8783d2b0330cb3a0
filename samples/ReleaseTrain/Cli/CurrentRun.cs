using System.Text.Json;
using ReleaseTrain.Tools;

namespace ReleaseTrain.Cli;

/// <summary>Which run the demo is on: the key under which its thread was started, and whether its end was reported.</summary>
public sealed record CurrentRun(string Repository, int Number, bool IsReported)
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    /// <summary>The idempotency key of the run's thread.</summary>
    public string Key => $"{Number} {Repository}";

    /// <summary>The run that an earlier process left unreported, or a new one. Durable before it is used.</summary>
    public static CurrentRun Continue(Layout layout, string repository)
    {
        var last = Read(layout);
        if (last is { IsReported: false } && last.Repository == repository)
            return last;
        var next = new CurrentRun(repository, (last?.Number ?? 0) + 1, IsReported: false);
        next.Write(layout);
        return next;
    }

    public static CurrentRun? Read(Layout layout) => File.Exists(PathIn(layout)) ? JsonSerializer.Deserialize<CurrentRun>(File.ReadAllBytes(PathIn(layout)), s_json) : null;

    public void Write(Layout layout)
    {
        string fresh = PathIn(layout) + ".new";
        File.WriteAllBytes(fresh, JsonSerializer.SerializeToUtf8Bytes(this, s_json));
        File.Move(fresh, PathIn(layout), overwrite: true);
    }

    private static string PathIn(Layout layout) => Path.Combine(layout.Store, "run.json");
}
