namespace AgentFlow.Bench;

/// <summary>What was measured: lines as they come, and at the end one table of ratios with the goal beside each.</summary>
internal sealed class Report
{
    private readonly List<Row> _rows = [];

    /// <summary>Begins the lines of a bench.</summary>
    public static void Begin(string title)
    {
        Console.WriteLine();
        Console.WriteLine($"== {title}");
    }

    /// <summary>Writes a detail that explains a ratio.</summary>
    public static void Detail(string line) => Console.WriteLine("   " + line);

    /// <summary>A number without a goal.</summary>
    public void Add(string what, double measured, string unit = "x") => _rows.Add(new Row(what, measured, unit, null, AtMost: false));

    /// <summary>A number that must not be above its goal.</summary>
    public void AtMost(string what, double measured, double goal, string unit = "x") => _rows.Add(new Row(what, measured, unit, goal, AtMost: true));

    /// <summary>A number that must reach its goal.</summary>
    public void AtLeast(string what, double measured, double goal, string unit = "x") => _rows.Add(new Row(what, measured, unit, goal, AtMost: false));

    public void WriteTable(TextWriter writer)
    {
        writer.WriteLine();
        writer.WriteLine($"{"measured in this run",-72} {"",12} {"goal",12}");
        foreach (var (what, measured, unit, goal, atMost) in _rows)
        {
            string asked = goal is { } wanted ? (atMost ? "<= " : ">= ") + Number(wanted) + unit : "-";
            string verdict = goal is not { } limit ? "" : (atMost ? measured <= limit : measured >= limit) ? "met" : "MISSED";
            writer.WriteLine($"{what,-72} {Number(measured) + unit,12} {asked,12}  {verdict}");
        }
    }

    private static string Number(double value) => value == Math.Floor(value) || Math.Abs(value) >= 100 ? value.ToString("0") : value.ToString("0.00");

    private sealed record Row(string What, double Measured, string Unit, double? Goal, bool AtMost);
}
