using System.Runtime.CompilerServices;
using AgentFlow.Generators.Tests.Agents;
using AgentFlow.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace AgentFlow.Generators.Tests.Modules;

public sealed class RetentionTests
{
    private const string Source = AgentHarness.Contracts + """

        [Agent("qa")] public sealed class QaAgent { public Tested Handle(Built m) => new(m.Service); }
        """;

    [Fact]
    public void The_cache_keeps_no_old_compilation_alive()
    {
        GeneratorDriver driver = CSharpGeneratorDriver.Create(new AgentFlowGenerator());
        WeakReference old = RunOnce(ref driver);
        RunAgain(ref driver);
        for (int i = 0; i < 10 && old.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(old.IsAlive);
        GC.KeepAlive(driver);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference RunOnce(ref GeneratorDriver driver)
    {
        CSharpCompilation compilation = TestCompilation.Create([Source]);
        driver = driver.RunGenerators(compilation, TestContext.Current.CancellationToken);
        return new WeakReference(compilation);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void RunAgain(ref GeneratorDriver driver) =>
        driver = driver.RunGenerators(TestCompilation.Create([Source + " // edited"]), TestContext.Current.CancellationToken);
}
