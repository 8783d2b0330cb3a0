using AgentFlow.Generators.Tests.Agents;
using AgentFlow.Generators.Tests.Harness;
using AgentFlow.SourceGeneration;
using Microsoft.CodeAnalysis;

namespace AgentFlow.Generators.Tests.Modules;

public sealed class HostingTests
{
    private const string Program = """
        using Microsoft.Extensions.Hosting;
        public static class Program
        {
            public static void Main() { }
            internal static AgentFlowBuilder Use(IHostApplicationBuilder builder) => builder.AddAgentFlow(options => options.AppName = "shop");
        }
        """;

    private static readonly TestOptions s_app = new() { AssemblyName = "App", OutputKind = OutputKind.ConsoleApplication };

    [Fact]
    public void An_executable_composes_itself_and_everything_that_it_references()
    {
        GeneratorResult contracts = GeneratorHarness.Run([AgentHarness.Contracts], new TestOptions { AssemblyName = "Shop.Contracts" });
        GeneratorResult agents = GeneratorHarness.Run(
            ["namespace Shop.Agents; [Agent(\"qa\")] public sealed class QaAgent { public Tested Handle(Built m) => new(m.Service); }"],
            new TestOptions { AssemblyName = "Shop.Agents", References = [contracts.ToReference()] });
        GeneratorResult app = GeneratorHarness.Run([Program], s_app with { References = [contracts.ToReference(), agents.ToReference()] });

        string text = app.File("AddAgentFlow");
        Assert.Contains("global::App.AgentFlowModule.Descriptor,\n", text, StringComparison.Ordinal);
        Assert.Contains("global::Shop.Agents.AgentFlowModule.Descriptor,\n", text, StringComparison.Ordinal);
        Assert.Contains("global::Shop.Contracts.AgentFlowModule.Descriptor,\n", text, StringComparison.Ordinal);
        Assert.Contains("in([start]) -->|release.built@1| qa[qa]", app.File("AgentFlowModule.Graph"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_test_project_that_sees_the_internals_of_an_executable_keeps_its_own_AddAgentFlow()
    {
        GeneratorResult app = GeneratorHarness.Run([Program, "[assembly: System.Runtime.CompilerServices.InternalsVisibleTo(\"App.Tests\")]"], s_app);
        GeneratorHarness.Run([Program], s_app with { AssemblyName = "App.Tests", References = [app.ToReference()] });
    }

    [Fact]
    public void An_executable_without_contracts_can_call_AddAgentFlow() =>
        Assert.Empty(AgentHarness.Module(GeneratorHarness.Run([Program], s_app).Load()).Agents);

    [Fact]
    public void Without_the_hosting_types_nothing_of_it_is_emitted()
    {
        var options = new TestOptions { AssemblyName = "App", OutputKind = OutputKind.ConsoleApplication };
        Compilation bare = TestCompilation.Create(["public static class Program { public static void Main() { } }"], options);
        bare = bare.RemoveReferences(bare.References.Where(r => r.Display?.Contains("Hosting.Abstractions", StringComparison.Ordinal) == true));
        GeneratorDriver driver = Microsoft.CodeAnalysis.CSharp.CSharpGeneratorDriver.Create(new AgentFlowGenerator()).RunGenerators(bare, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(driver.GetRunResult().GeneratedTrees, t => t.FilePath.EndsWith("AddAgentFlow.g.cs", StringComparison.Ordinal));
    }

    [Fact]
    public void An_unrelated_edit_of_an_executable_leaves_everything_cached()
    {
        // The harness proves it for every run; here the references have modules too.
        GeneratorResult library = AgentHarness.Run("namespace Shop; [Agent(\"qa\")] public sealed class QaAgent { public Tested Handle(Built m) => new(m.Service); }");
        GeneratorResult app = GeneratorHarness.Run([Program], s_app with { References = [library.ToReference()] });
        Assert.Contains(app.Run.Results.Single().TrackedSteps.Keys, k => k == AgentFlow.Generators.Modules.ModulePipeline.Routes);
    }
}
