using AgentFlow.CodeFixes;
using AgentFlow.Generators.Tests.Agents;
using Microsoft.CodeAnalysis.CodeFixes;

namespace AgentFlow.Generators.Tests.CodeFixes;

public sealed class CodeFixTests
{
    private const string Deploy = """
        [Message("release.deploy"), RequiresApproval("release-managers")] public sealed partial record Deploy(string Service);
        [Message("release.deployed"), EndsThread] public sealed partial record Deployed(string Service);

        """;

    [Theory]
    [InlineData("public Deployed Handle(Deploy m) => new(m.Service);", "public Deployed Handle(Approved<Deploy> m) => new(m.Message.Service);")]
    [InlineData("public void Handle(Deploy? m) { _ = nameof(m); Deploy? copy = m; }", "public void Handle(Approved<Deploy> m) { _ = nameof(m.Message); Deploy? copy = m.Message; }")]
    [InlineData("[Observer] public void Handle(Deploy m) { }", "[Observer] public void Handle(Approved<Deploy> m) { }")]
    public async Task A_gated_contract_is_taken_approved(string before, string after) => await ProveAsync(
        new TakeApprovedFix(), "AGF0101", Deploy + $$"""[Agent("deploy")] public sealed class DeployAgent { {{before}} }""", Deploy + $$"""[Agent("deploy")] public sealed class DeployAgent { {{after}} }""");

    [Fact]
    public async Task A_contract_that_derives_from_a_gated_one_gets_no_fix() => Assert.Null(await CodeFixHarness.FixAsync(new TakeApprovedFix(), "AGF0101", """
        [Message("a.slow"), RequiresApproval("managers")] public partial record Slow(string Service);
        [Message("a.fast")] public sealed partial record Fast(string Service, int Speed) : Slow(Service);
        [Agent("deploy")] public sealed class DeployAgent { public void Handle(Fast m) { } }
        """));

    [Theory]
    [InlineData("[Agent(\"qa\")]\n// keep\npublic", "[Agent(\"qa\"), Sends(typeof(Built))]\n// keep\npublic")]
    [InlineData("[Agent(\"qa\"), Sends(typeof(Other))] public", "[Agent(\"qa\"), Sends(typeof(Other)), Sends(typeof(Built))] public")]
    public async Task What_is_sent_is_declared(string before, string after)
    {
        const string Contracts = """
            [Message("release.built")] public sealed partial record Built(string Service);
            [Message("release.other")] public sealed partial record Other(string Service);

            """;
        const string Body = " sealed class QaAgent { public async Task HandleAsync(Other m, MessageContext context) => await context.SendAsync(new Built(m.Service)); }";
        await ProveAsync(new AddSendsFix(), "AGF0108", Contracts + before + Body, Contracts + after + Body);
    }

    [Theory]
    [InlineData("public sealed record Built(string Service);", "public sealed partial record Built(string Service);")]
    [InlineData("record Built(string Service);", "partial record Built(string Service);")]
    public async Task A_contract_becomes_partial(string before, string after) =>
        await ProveAsync(new MakePartialFix(), "AGF0001", "[Message(\"release.built\")]\n" + before, "[Message(\"release.built\")]\n" + after);

    [Fact]
    public async Task The_types_around_a_contract_become_partial_too() => await ProveAsync(
        new MakePartialFix(), "AGF0001",
        "// contracts\npublic static class Contracts\n{\n    /// <summary>Built.</summary>\n    [Message(\"release.built\")] public sealed record Built(string Service);\n}",
        "// contracts\npublic static partial class Contracts\n{\n    /// <summary>Built.</summary>\n    [Message(\"release.built\")] public sealed partial record Built(string Service);\n}");

    [Theory]
    [InlineData("record Login(string User, string Password);", "record Login(string User, [Sensitive] string Password);")]
    [InlineData("record Login(string User, [Field(2)] string Password);", "record Login(string User, [Sensitive][Field(2)] string Password);")]
    [InlineData("record Login\n{\n    // secret\n    public required string Password { get; init; }\n}", "record Login\n{\n    // secret\n    [Sensitive]\n    public required string Password { get; init; }\n}")]
    public async Task A_secret_is_marked(string before, string after) =>
        await ProveAsync(new AddSensitiveFix(), "AGF0007", "[Message(\"registry.login\")] public sealed partial " + before, "[Message(\"registry.login\")] public sealed partial " + after);

    private static async Task ProveAsync(CodeFixProvider fix, string id, string before, string after)
    {
        string? actual = await CodeFixHarness.FixAsync(fix, id, before);
        Assert.Equal(after, actual);
        Harness.GeneratorHarness.Run(after);
        await Harness.AnalyzerHarness.NoneAsync(id, after);
    }
}
