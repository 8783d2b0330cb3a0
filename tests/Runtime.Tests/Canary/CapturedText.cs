using System.Collections.Concurrent;
using System.Text;

namespace AgentFlow.Runtime.Tests.Canary;

/// <summary>What a run said, by where it said it. Thread-safe.</summary>
public sealed class CapturedText
{
    private readonly ConcurrentQueue<(string Place, string Text)> _lines = new();

    public void Add(string place, string? text) => _lines.Enqueue((place, text ?? ""));

    public IReadOnlyDictionary<string, byte[]> Places() =>
        _lines.GroupBy(line => line.Place, line => line.Text).ToDictionary(lines => lines.Key, lines => Encoding.UTF8.GetBytes(string.Join('\n', lines)));
}
