using System.Globalization;

namespace AgentFlow.PostgreSql.Tests.Shared;

/// <summary>The effects of one process, each written down durably at once; and announced, for a test that waits for some.</summary>
public sealed class Effects(string folder, string name, TextWriter? announce)
{
    private readonly SemaphoreSlim _one = new(1);
    private int _count;

    /// <summary>What a handler waits for between its step and its end, given the name of its agent.</summary>
    public Func<string, Task>? AfterStep { get; set; }

    /// <summary>Where a process of this name writes.</summary>
    public static string FileOf(string folder, string name) => Path.Combine(folder, $"effects-{name}");

    /// <summary>Runs the one step of a handler. What it gives differs each time that it runs, so that messages tell which run counted.</summary>
    internal async ValueTask<string> RunAsync(string agent, int run, ChainState state, MessageContext context, CancellationToken cancellationToken)
    {
        string token = await context.StepAsync("effect", async (key, _) => await AddAsync($"{agent} {run} {key}"), cancellationToken);
        if (AfterStep is { } wait)
            await wait(agent);
        state.Handled++;
        state.Mark = token;
        return token;
    }

    /// <summary>Does something that cannot be taken back.</summary>
    /// <returns>A name for this very effect.</returns>
    internal async ValueTask<string> AddAsync(string effect)
    {
        await _one.WaitAsync();
        try
        {
            string token = string.Create(CultureInfo.InvariantCulture, $"{name}-{++_count}");
            await using (var writer = new StreamWriter(new FileStream(FileOf(folder, name), FileMode.Append, FileAccess.Write, FileShare.Read)))
                await writer.WriteLineAsync($"{effect} {token}");
            announce?.WriteLine($"effect {_count}");
            announce?.Flush();
            return token;
        }
        finally
        {
            _one.Release();
        }
    }
}
