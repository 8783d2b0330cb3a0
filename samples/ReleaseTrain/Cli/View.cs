using System.Globalization;
using AgentFlow;

namespace ReleaseTrain.Cli;

/// <summary>The lines for people: live and with marks on a terminal, plain otherwise, none with <c>--json</c>.</summary>
public sealed class View(TextWriter writer, bool isTerminal)
{
    public static View Create(DemoOptions options) => new(options.Json ? TextWriter.Null : Console.Out, !Console.IsOutputRedirected);

    public void Line(string text) => writer.WriteLine(text);

    public void Header(string store, string environment) => Line($"AgentFlow   ReleaseTrain ({environment})\n  store     SQLite  {store}\n");

    public void Step(ThreadStep step)
    {
        if (step.Kind == ThreadStepKind.Handled)
            Line($"  {Mark("✓", "done")} {step.Agent,-10} {step.Contract,-22} {Milliseconds(step.Duration)}");
        else if (step.Kind is ThreadStepKind.Retried or ThreadStepKind.DeadLettered)
            Line($"  {Mark("✗", "failed")} {step.Agent,-10} {step.Contract,-22} {step.Detail}");
    }

    public void Card(ApprovalCard card)
    {
        string needs = string.Join(", ", card.Requirements.Select(need => $"{need.Quorum} of {need.Role}"));
        Line($"  {Mark("⏸", "wait")} approval   waiting for {needs}   until {card.ExpiresAt.ToString("u", CultureInfo.InvariantCulture)}\n");
        Line($"  {card.Summary}");
        Line($"    asked by    {card.RequesterName}");
        foreach (var member in card.Members)
            Line($"    {member.Name,-11} {(member.OldText is { } old ? $"{old} → " : "")}{member.Text}");
        Line($"    digest      {card.Digest}\n");
    }

    public void HowToDecide(ApprovalCard card) => Line(
        $"  approve:  eng/demo --approve {card.Id} --digest {card.Digest}\n  reject:   eng/demo --reject {card.Id} --reason \"…\"\n");

    private string Mark(string terminal, string plain) => isTerminal ? terminal : plain.PadRight(6);

    private static string Milliseconds(TimeSpan? duration) => duration is { } time ? $"{time.TotalMilliseconds,8:0} ms" : "";
}
