using AgentFlow.Generators.Tests.Agents;
using AgentFlow.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace AgentFlow.Generators.Tests.Diagnostics;

public sealed class RouteRuleTests
{
    private const string Chain = """
        [Agent("security")] public sealed class SecurityAgent { public Deploy Handle(Tested m) => new(m.Service); }
        [Agent("deploy")] public sealed class DeployAgent { public Deployed Handle(Approved<Deploy> ok) => new(ok.Message.Service); }

        """;

    private const string Qa = "[Agent(\"qa\")] public sealed class QaAgent { public Tested Handle(Built m) => new(m.Service); }\n";
    private const string Start = "public static class Door { public static ValueTask<ThreadId> Open(IAgentFlow flow) => flow.StartThreadAsync(new Built(\"shop\")); }\n";

    [Fact]
    public async Task A_whole_chain_has_nothing_wrong() => Assert.Empty(await RuleTest.FindInAppAsync(Chain + Qa + Start));

    [Fact]
    public async Task A_missing_handler_of_a_sent_contract_is_found() => Assert.Equal(
        ["AGF0102: No agent handles 'release.tested@1', which agent 'qa' sends. Add 'Handle(Tested message)' to an [Agent], or mark the contract [EndsThread] or [Route]."],
        await RuleTest.FindInAppAsync(Qa));

    [Fact]
    public async Task A_missing_handler_of_the_first_contract_is_found() => Assert.Equal(
        ["AGF0102: No agent handles 'release.built@1', which starts a thread. Add 'Handle(Built message)' to an [Agent], or mark the contract [EndsThread] or [Route]."],
        await RuleTest.FindInAppAsync(Chain + Start));

    [Fact]
    public async Task A_handler_of_a_rejection_is_no_handler_of_a_gated_contract() => Assert.Equal(
        ["AGF0102: No agent handles 'release.deploy@1', which agent 'security' sends. Add 'Handle(Approved<Deploy> message)' to an [Agent], or mark the contract [EndsThread] or [Route]."],
        await RuleTest.FindInAppAsync("""
            [Agent("security")] public sealed class SecurityAgent { public Deploy Handle(Tested m) => new(m.Service); public void Handle(Rejected<Deploy> no) { } }
            """));

    [Theory]
    [InlineData("[Sends(typeof(Tested))] public sealed class QaAgent { public void Handle(Built m) { } }")]
    [InlineData("public sealed class QaAgent { public (Tested, Deployed) Handle(Built m) => default; }")]
    [InlineData("public sealed class QaAgent { public async IAsyncEnumerable<OneOf<Tested, Deployed>> Handle(Built m) { await Task.Yield(); yield break; } }")]
    [InlineData("public sealed class QaAgent { public Tested Handle(Built m) => new(\"\"); [Observer] public void Handle(Tested m) { } }")]
    public async Task Every_way_of_sending_counts(string type) =>
        Assert.StartsWith("AGF0102: No agent handles 'release.tested@1'", Assert.Single(await RuleTest.FindInAppAsync("[Agent(\"qa\")] " + type)), StringComparison.Ordinal);

    [Theory]
    [InlineData("[Message(\"x.y\"), Route(\"elsewhere\")] public sealed partial record X(string Text);")]
    [InlineData("[Message(\"x.y\"), EndsThread(ThreadOutcome.Failed)] public sealed partial record X(string Text);")]
    public async Task Routed_and_ending_contracts_need_no_handler(string contract) =>
        Assert.Empty(await RuleTest.FindInAppAsync(contract + "[Agent(\"qa\")] public sealed class QaAgent { public X Handle(Built m) => new(\"\"); }"));

    [Fact]
    public async Task A_newer_version_that_reads_an_older_one_takes_it() => Assert.Empty(await RuleTest.FindInAppAsync("""
        [Message("disk.full")] public sealed partial record FullV1(string Disk);
        [Message("disk.full", Version = 2)] public sealed partial record Full(string Disk, int Percent) { [UpcastFrom(1)] public static Full From(FullV1 old) => new(old.Disk, 100); }
        [Agent("watch")] public sealed class Watch { public FullV1 Handle(Built m) => new(""); }
        [Agent("clean")] public sealed class Clean { public void Handle(Full m) { } }
        """));

    [Fact]
    public async Task A_library_is_not_asked_for_routes() => Assert.Empty(await RuleTest.FindAsync(Qa));

    [Fact]
    public async Task An_executable_is_asked_for_the_routes_of_its_references_once_it_composes_them()
    {
        MetadataReference library = AgentHarness.Run("namespace Shop;\n" + Qa).ToReference();
        const string Main = """
            using Microsoft.Extensions.Hosting;
            internal static class Program { private static void Main() { } internal static void Use(IHostApplicationBuilder builder) { Compose } }
            """;
        Assert.Empty(await RuleTest.FindInAppAsync(Main.Replace("Compose", "", StringComparison.Ordinal), library));
        Assert.Equal(
            ["AGF0102: No agent handles 'release.tested@1', which agent 'qa' sends. Add 'Handle(Tested message)' to an [Agent], or mark the contract [EndsThread] or [Route]."],
            await RuleTest.FindInAppAsync(Main.Replace("Compose", "builder.AddAgentFlow();", StringComparison.Ordinal), library));
        Assert.Empty(await RuleTest.FindInAppAsync(
            Main.Replace("Compose", "builder.AddAgentFlow();", StringComparison.Ordinal)
                + "[Agent(\"security\")] public sealed class SecurityAgent { public Shop.Deployed Handle(Shop.Tested m) => new(m.Service); }",
            library));
    }

    [Fact]
    public async Task Names_and_rivals_are_found_across_projects()
    {
        MetadataReference library = AgentHarness.Run("namespace Shop;\n" + Qa).ToReference();
        Assert.Equal(
            [
                "AGF0201: 'Shop.QaAgent' and 'Mine' are both agent 'qa'. Give one of them another name.",
                "AGF0103: Agents 'qa' and 'qa' both take contract 'release.built@1'. Mark the handler of the one that only watches [Observer].",
            ],
            (await RuleTest.FindInAppAsync("[Agent(\"qa\")] public sealed class Mine { public Shop.Deployed Handle(Shop.Built m) => new(\"\"); [Observer] public void Handle(Shop.Tested m) { } }", library))
                .Where(d => !d.StartsWith("AGF0102", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("Built", "contract 'release.built@1'")]
    [InlineData("Approved<Deploy>", "the approved contract 'release.deploy@1'")]
    [InlineData("Expired<Deploy>", "the expired contract 'release.deploy@1'")]
    public async Task Rivals_are_found_in_every_form(string taken, string expected)
    {
        string rivals = $$"""[Agent("a")] public sealed class A { public void Handle({{taken}} m) { } } [Agent("b")] public sealed class B { public void Handle({{taken}} m) { } }""";
        Assert.Equal([$"AGF0103: Agents 'a' and 'b' both take {expected}. Mark the handler of the one that only watches [Observer]."], await RuleTest.FindAsync(rivals));
        Assert.Empty(await RuleTest.FindAsync(rivals.Replace("class B { public", "class B { [Observer] public", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("", "AGF0104: 'risky.act@1' is MustHandle, but no agent takes 'Rejected<Act>'. Add 'Handle(Rejected<Act> message)' to an [Agent].", "AGF0104: 'risky.act@1' is MustHandle, but no agent takes 'Expired<Act>'. Add 'Handle(Expired<Act> message)' to an [Agent].")]
    [InlineData("public void Handle(Expired<Act> m) { }", "AGF0104: 'risky.act@1' is MustHandle, but no agent takes 'Rejected<Act>'. Add 'Handle(Rejected<Act> message)' to an [Agent].")]
    [InlineData("public void Handle(Expired<Act> m) { } public void Handle(Rejected<Act> m) { }")]
    public async Task Decisions_that_must_be_handled_are(string handlers, params string[] expected) => Assert.Equal(expected, await RuleTest.FindInAppAsync($$"""
        [Message("risky.act"), RequiresApproval("managers", MustHandle = true)] public sealed partial record Act(string Text);
        [Agent("act")] public sealed class Actor { public void Handle(Approved<Act> m) { } {{handlers}} }
        """));

    [Theory]
    [InlineData("", "AGF0106: Contracts go round without end: ping.ping@1 → ping.pong@1 → ping.ping@1. Put [MaxHops(n)] or [RequiresApproval] on one of them.")]
    [InlineData(", MaxHops(3)")]
    [InlineData(", EndsThread")]
    public async Task Cycles_need_a_bound(string attribute, params string[] expected) => Assert.Equal(expected, await RuleTest.FindAsync($$"""
        [Message("ping.ping"){{attribute}}] public sealed partial record Ping(string Text);
        [Message("ping.pong")] public sealed partial record Pong(string Text);
        [Agent("a")] public sealed class A { public Pong Handle(Ping m) => new(m.Text); }
        [Agent("b"), Sends(typeof(Ping))] public sealed class B { public void Handle(Pong m) { } }
        """));

    [Fact]
    public async Task A_gate_bounds_a_cycle() => Assert.Empty(await RuleTest.FindAsync("""
        [Agent("a")] public sealed class A { public Deploy Handle(Built m) => new(m.Service); public Built Handle(Rejected<Deploy> m) => new(m.Message.Service); }
        """));

    [Fact]
    public async Task A_project_for_which_nothing_was_generated_is_found()
    {
        var compilation = TestCompilation.Create(["[Agent(\"qa\")] public sealed class QaAgent;"]);
        var found = await new Microsoft.CodeAnalysis.Diagnostics.CompilationWithAnalyzers(compilation, [new AgentFlowAnalyzer()], new Microsoft.CodeAnalysis.Diagnostics.AnalyzerOptions([]))
            .GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        Assert.Equal("AGF0202", Assert.Single(found).Id);
    }
}
