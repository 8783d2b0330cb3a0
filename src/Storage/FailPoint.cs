using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace AgentFlow.Storage;

/// <summary>
/// Named places where a test kills the process as a power cut would. Set the environment variable <c>AGENTFLOW_FAILPOINT</c> to a name, or to
/// <c>name:n</c> for the n-th time that the place is passed, before the process starts. Free of cost while the variable is unset.
/// </summary>
public static class FailPoint
{
    /// <summary>The name of the environment variable.</summary>
    public const string Variable = "AGENTFLOW_FAILPOINT";

    private static readonly ConcurrentDictionary<string, byte> s_names = new(StringComparer.Ordinal);
    private static readonly string? s_armed = Read(out s_remaining);
    private static long s_remaining;

    /// <summary>The names registered so far, in ordinal order. Each room registers its own when its list of fail-points is first touched.</summary>
    public static IReadOnlyList<string> Names => [.. s_names.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Registers names and returns them.</summary>
    public static IReadOnlyList<string> Register(params IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        foreach (string name in names)
            s_names.TryAdd(name, 0);
        return names;
    }

    /// <summary>Kills the process with SIGKILL if this place is the armed one; else does nothing.</summary>
    public static void Hit(string name)
    {
        if (s_armed is not null && string.Equals(s_armed, name, StringComparison.Ordinal) && Interlocked.Decrement(ref s_remaining) == 0)
            Die();
    }

    private static void Die()
    {
        using var self = Process.GetCurrentProcess();
        self.Kill();
        // The signal ends the process within moments; until then this thread must do nothing more.
        using var never = new ManualResetEventSlim();
        never.Wait();
    }

    private static string? Read(out long remaining)
    {
        remaining = 1;
        string? text = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(text))
            return null;
        int colon = text.LastIndexOf(':');
        if (colon < 0)
            return text;
        if (!long.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out remaining) || remaining < 1)
            throw new InvalidOperationException($"{Variable} is '{text}'. Write a name, or name:n with n from 1.");
        return text[..colon];
    }
}
