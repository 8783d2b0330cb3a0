using System.Globalization;

namespace AgentFlow.Bench;

/// <summary>What the command line asks for.</summary>
/// <param name="Names">The benches to run; none for all.</param>
/// <param name="Duration">How long a case of a closed loop runs.</param>
/// <param name="ParkedThreads">How many threads the memory bench parks.</param>
/// <param name="Directory">Where databases are made, in a folder that is deleted at the end; null for the system's folder of temporary files.</param>
internal sealed record BenchSettings(IReadOnlyList<string> Names, TimeSpan Duration, int ParkedThreads, string? Directory)
{
    public static BenchSettings? TryParse(string[] args)
    {
        var names = new List<string>();
        var settings = new BenchSettings(names, TimeSpan.FromSeconds(3), 10_000, null);
        for (int i = 0; i < args.Length; i++)
        {
            string? value = i + 1 < args.Length ? args[i + 1] : null;
            switch (args[i])
            {
                case "--seconds" when double.TryParse(value, CultureInfo.InvariantCulture, out double seconds) && seconds > 0:
                    settings = settings with { Duration = TimeSpan.FromSeconds(seconds) };
                    i++;
                    break;
                case "--threads" when int.TryParse(value, CultureInfo.InvariantCulture, out int threads) && threads > 0:
                    settings = settings with { ParkedThreads = threads };
                    i++;
                    break;
                case "--directory" when value is not null:
                    settings = settings with { Directory = value };
                    i++;
                    break;
                case var name when !name.StartsWith('-'):
                    names.Add(name);
                    break;
                default:
                    Console.Error.WriteLine("usage: eng/bench [NAME ...] [--seconds N] [--threads N] [--directory PATH]");
                    return null;
            }
        }

        return settings;
    }

    /// <summary>Runs with a folder of its own for databases, and deletes it.</summary>
    public async Task WithFolderAsync(Func<string, Task> run)
    {
        string folder = Path.Combine(System.IO.Directory.CreateDirectory(Directory ?? Path.GetTempPath()).FullName, $"agentflow-bench-{Environment.ProcessId}-{Environment.TickCount64}");
        System.IO.Directory.CreateDirectory(folder);
        try
        {
            await run(folder);
        }
        finally
        {
            System.IO.Directory.Delete(folder, recursive: true);
        }
    }
}
