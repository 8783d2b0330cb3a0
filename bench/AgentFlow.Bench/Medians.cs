using System.Diagnostics;

namespace AgentFlow.Bench;

/// <summary>Times of several operations that take turns, so that whatever disturbs the machine disturbs them alike.</summary>
/// <param name="count">How many operations take turns.</param>
internal sealed class Medians(int count)
{
    private readonly List<double>[] _times = [.. Enumerable.Range(0, count).Select(_ => new List<double>())];
    private bool _isMeasuring;

    /// <summary>The median of an operation in microseconds: it does not see when the thread was taken off its core, as long as the operation is short.</summary>
    public double this[int index]
    {
        get
        {
            _times[index].Sort();
            return _times[index][_times[index].Count / 2];
        }
    }

    /// <summary>Runs the rounds after some that are not counted.</summary>
    /// <param name="warmup">How many.</param>
    /// <param name="rounds">How many are.</param>
    /// <param name="round">One round; it calls <see cref="Record"/> at the end of each operation.</param>
    public void Run(int warmup, int rounds, Action round)
    {
        for (int i = 0; i < warmup + rounds; i++)
        {
            _isMeasuring = i >= warmup;
            round();
        }
    }

    /// <summary>Ends the time of an operation.</summary>
    /// <param name="index">Which.</param>
    /// <param name="started">When it began.</param>
    /// <param name="operations">By how many to divide the time.</param>
    public void Record(int index, long started, double operations = 1)
    {
        if (_isMeasuring)
            _times[index].Add(Stopwatch.GetElapsedTime(started).TotalMicroseconds / operations);
    }
}
