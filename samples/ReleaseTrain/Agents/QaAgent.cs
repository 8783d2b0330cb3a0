using AgentFlow;
using ReleaseTrain.Building;

namespace ReleaseTrain.Agents;

/// <summary>Runs the tests of what was built.</summary>
[Agent("qa")]
public sealed class QaAgent(TestRunner tests)
{
    public async Task<OneOf<Tested, Failed>> HandleAsync(Built build, MessageContext context, CancellationToken cancellationToken)
    {
        var report = await context.StepAsync("test", (key, ct) => tests.RunAsync(build.Source, key, ct), cancellationToken);
        if (report.Error is { } error)
            return new Failed("qa", error, report.Failures);
        return new Tested(build, report.Passed, report.Skipped, report.Duration);
    }
}
