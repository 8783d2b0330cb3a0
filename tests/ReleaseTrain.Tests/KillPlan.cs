using System.Reflection;
using System.Runtime.CompilerServices;
using AgentFlow.Storage;

namespace AgentFlow.ReleaseTrain.Tests;

/// <summary>Where a run of the train is killed: one fail-point for its first process, perhaps another for the process that goes on.</summary>
internal sealed record KillPlan(int Number, IReadOnlyList<string> FailPoints)
{
    /// <summary>The fail-point of a timer: a train passes it whose request has expired by its next start.</summary>
    public const string TimerFired = "runtime.timer-fired";

    /// <summary>Every fail-point of every room. A train passes those of destruction with <c>--forget</c>.</summary>
    public static IReadOnlyList<string> AllFailPoints { get; } = ReadFailPoints();

    /// <summary>Whether the run waits at the gate until its request expires, before it is killed.</summary>
    public bool Expires => FailPoints[0].StartsWith(TimerFired, StringComparison.Ordinal);

    /// <summary>Makes plans from a seed: each fail-point comes first once at its first passage, then at random passages.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="mostKills">How often one run may be killed. A run whose process ends by itself is not killed again.</param>
    public static IEnumerable<KillPlan> Make(int seed, int mostKills)
    {
        var random = new Random(seed);
        for (int i = 0; ; i++)
        {
            string point = AllFailPoints[i % AllFailPoints.Count];
            int passage = i < AllFailPoints.Count || point == TimerFired ? 1 : 1 + random.Next(6);
            var points = new List<string> { $"{point}:{passage}" };
            while (points.Count < mostKills && random.Next(mostKills) != 0)
                points.Add($"{AllFailPoints[random.Next(AllFailPoints.Count)]}:{1 + random.Next(3)}");
            yield return new KillPlan(i, points);
        }
    }

    public override string ToString() => $"run {Number}, killed at {string.Join(" then ", FailPoints)}";

    private static IReadOnlyList<string> ReadFailPoints()
    {
        FailPoint.Register(global::ReleaseTrain.Deployment.FailPoints.All);
        Assembly[] rooms = [typeof(FailPoint).Assembly, typeof(AgentFlow.Hub.InProcessHub).Assembly, typeof(IAgentFlow).Assembly];
        foreach (var type in rooms.SelectMany(room => room.GetTypes()).Where(type => type.Name.EndsWith("FailPoints", StringComparison.Ordinal)))
            RuntimeHelpers.RunClassConstructor(type.TypeHandle);
        return FailPoint.Names;
    }
}
