using AgentFlow.CodeFixes;
using AgentFlow.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace AgentFlow.Generators.Tests.CodeFixes;

public sealed class LockFixTests
{
    private const string Source = "[Message(\"release.built\")] public sealed partial record Built(string Service);";

    [Theory]
    [InlineData("", "")]
    [InlineData("# published\n", "# published\n\n")]
    public async Task A_contract_is_appended_to_the_lock_file(string before, string head)
    {
        Solution? changed = await CodeFixHarness.ApplyAsync(new AddLockEntryFix(), "AGF0012", Source, before);
        string after = (await Assert.Single(changed!.Projects.Single().AdditionalDocuments).GetTextAsync(TestContext.Current.CancellationToken)).ToString();
        Assert.StartsWith(head + "release.built@1\n  syntax = \"proto3\";\n", after, StringComparison.Ordinal);
        await AnalyzerHarness.NoneAsync("AGF0012", Source, new TestOptions { AdditionalFiles = new Dictionary<string, string> { ["agentflow.contracts.lock"] = after } });
    }
}
