using AgentFlow.Generators.Tests.Harness;

namespace AgentFlow.Generators.Tests;

public sealed class HarnessTests
{
    [Fact]
    public void A_project_without_contracts_gets_no_warning() => GeneratorHarness.Run("namespace Shop; internal sealed class Nothing;");

    [Fact]
    public async Task A_project_without_contracts_gets_no_diagnostic() => Assert.Empty(await AnalyzerHarness.RunAsync(["namespace Shop; internal sealed class Nothing;"]));

    [Fact]
    public void A_value_that_holds_a_symbol_is_found()
    {
        var compilation = TestCompilation.Create(["class C;"]);
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => RoslynObjects.AssertNone(new { Inner = new object[] { compilation.Assembly } }, "AgentFlow.Step"));
    }
}
