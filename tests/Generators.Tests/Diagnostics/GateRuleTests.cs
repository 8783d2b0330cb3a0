using AgentFlow.Generators.Tests.Agents;
using AgentFlow.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace AgentFlow.Generators.Tests.Diagnostics;

/// <summary>Every way by which a handler could get a gated contract without an approval.</summary>
public sealed class GateRuleTests
{
    private const string Take = "AGF0101: 'Deploy' requires approval; take 'Approved<Deploy>' instead of 'Deploy'";

    [Theory]
    [InlineData("public void Handle(Deploy m) { }")]
    [InlineData("public void Handle(Deploy? m) { }")]
    [InlineData("public Task HandleAsync(Deploy m, MessageContext context) => Task.CompletedTask;")]
    [InlineData("[Observer] public void Handle(Deploy m) { }")]
    public async Task A_gated_contract_cannot_be_taken_directly(string handler) =>
        Assert.Equal([Take], await RuleTest.FindAsync($$"""[Agent("deploy")] public sealed class DeployAgent { {{handler}} }"""));

    [Fact]
    public async Task One_mistake_is_reported_once() => Assert.Equal([Take], await RuleTest.FindInAppAsync("""
        [Agent("security")] public sealed class SecurityAgent { public Deploy Handle(Tested m) => new(m.Service); }
        [Agent("deploy")] public sealed class DeployAgent { public Deployed Handle(Deploy m) => new(m.Service); }
        """));

    [Theory]
    [InlineData("public void Handle(Approved<Deploy> m) { }")]
    [InlineData("public void Handle(Rejected<Deploy> m) { }")]
    [InlineData("public void Handle(Expired<Deploy> m) { }")]
    [InlineData("[Observer] public void Handle(Approved<Deploy> m) { }")]
    [InlineData("public Deploy Handle(Built m) => new(m.Service);")]
    public async Task A_gated_contract_is_taken_in_a_wrapper_and_sent_as_it_is(string handler) =>
        Assert.Empty(await RuleTest.FindAsync($$"""[Agent("deploy")] public sealed class DeployAgent { {{handler}} }"""));

    [Fact]
    public async Task A_handler_of_a_base_class_is_found_too() => Assert.Equal([Take], await RuleTest.FindAsync("""
        public abstract class Base<T> { public void Handle(T m) { } }
        [Agent("deploy")] public sealed class DeployAgent : Base<Deploy> { }
        """));

    [Fact]
    public async Task A_contract_that_derives_from_a_gated_one_is_gated_itself() => Assert.Contains(
        "AGF0101: 'Fast' is a 'Slow', which requires approval; put [RequiresApproval] on 'Fast' too and take 'Approved<Fast>'",
        await RuleTest.FindAsync("""
            [Message("deploy.slow"), RequiresApproval("managers")] public partial record Slow(string Service);
            [Message("deploy.fast")] public sealed partial record Fast(string Service, int Speed) : Slow(Service);
            [Agent("deploy")] public sealed class DeployAgent { public void Handle(Fast m) { } }
            """));

    [Fact]
    public async Task A_contract_that_can_be_a_gated_one_is_gated_itself() => Assert.Contains(
        "AGF0101: 'Work' can be a 'Drop', which requires approval; put [RequiresApproval] on 'Work' and take 'Approved<Work>', or take 'Drop' out of its cases",
        await RuleTest.FindAsync("""
            [Message("work.any"), Case(1, typeof(Drop))] public abstract partial record Work;
            [Message("work.drop"), RequiresApproval("managers")] public sealed partial record Drop(string Table) : Work;
            [Agent("worker")] public sealed class Worker { public void Handle(Work m) { } }
            """));

    [Fact]
    public async Task An_upcaster_does_not_lead_out_of_a_gate() => Assert.Contains(
        "AGF0101: 'Wipe' requires no approval, but its older version 'WipeV1' does; put [RequiresApproval] on 'Wipe' too",
        await RuleTest.FindAsync("""
            [Message("disk.wipe"), RequiresApproval("managers")] public sealed partial record WipeV1(string Disk);
            [Message("disk.wipe", Version = 2)] public sealed partial record Wipe(string Disk, bool Fast) { [UpcastFrom(1)] public static Wipe From(WipeV1 old) => new(old.Disk, false); }
            """));

    [Theory]
    [InlineData("public void Handle(Built m, Approved<Deploy> other) { }", "AGF0105: 'other' is a second message. A handler takes one; keep what it needs of others in the thread's state.")]
    [InlineData("public void Handle(Built m, Deploy other) { }", "AGF0105: 'other' is a second message. A handler takes one; keep what it needs of others in the thread's state.")]
    [InlineData("public void Handle(object m) { }", "AGF0105: 'Handle' takes 'object', which is no contract. Mark that type [Message].")]
    [InlineData("public void Handle(Deploy[] m) { }", "AGF0105: 'Handle' takes 'Deploy[]', which is no contract. Mark that type [Message].")]
    [InlineData("public void Handle(Approved<Approved<Deploy>> m) { }", "AGF0105: 'Handle' takes 'Approved<Deploy>', which is no contract. Mark that type [Message].")]
    [InlineData("public void Handle(Approved<Built> m) { }", "AGF0105: 'Handle' takes 'Approved<Built>', but 'Built' requires no approval. Take 'Built', or mark it [RequiresApproval].")]
    public async Task No_side_door_is_open(string handler, string expected) =>
        Assert.Equal([expected], await RuleTest.FindAsync($$"""[Agent("deploy")] public sealed class DeployAgent { {{handler}} }"""));

    [Fact]
    public async Task A_gate_is_not_opened_by_a_pragma() =>
        Assert.Equal([Take], await RuleTest.FindAsync("#pragma warning disable AGF0101\n[Agent(\"deploy\")] public sealed class DeployAgent { public void Handle(Deploy m) { } }"));

    [Fact]
    public void A_rule_that_guards_a_gate_is_not_configurable() =>
        Assert.All(new AgentFlowAnalyzer().SupportedDiagnostics, rule =>
            Assert.Equal(rule.Id == "AGF0101", rule.CustomTags.Contains(WellKnownDiagnosticTags.NotConfigurable)));

    [Fact]
    public void Without_the_analyzer_a_handler_that_breaks_the_rule_is_not_dispatched()
    {
        GeneratorResult result = AgentHarness.Run("""
            namespace Shop;
            [Agent("deploy")] public sealed class DeployAgent { public void Handle(Deploy m) { } public void Handle(Built m) { } }
            """);
        Assert.Empty(AgentHarness.Module(result.Load()).Agents);
    }
}
