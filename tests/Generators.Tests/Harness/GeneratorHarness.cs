using System.Reflection;
using System.Runtime.Loader;
using AgentFlow.Generators.Shared;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace AgentFlow.Generators.Tests.Harness;

/// <summary>
/// Runs the generator. Every run proves for free: the result compiles without a warning, the generator reports nothing, no step holds a Roslyn object,
/// an unrelated edit leaves every named step cached, and the order of files does not change the output.
/// </summary>
internal static class GeneratorHarness
{
    public static GeneratorResult Run(params string[] sources) => Run(sources, null);

    public static GeneratorResult Run(IReadOnlyList<string> sources, TestOptions? options)
    {
        GeneratorResult result = RunUnchecked(sources, options);
        string[] problems = TestCompilation.Problems(result.Compilation);
        Assert.True(problems.Length == 0, string.Join('\n', problems));
        return result;
    }

    /// <summary>For sources that do not compile: proves everything but that.</summary>
    public static GeneratorResult RunUnchecked(IReadOnlyList<string> sources, TestOptions? options = null)
    {
        options ??= new TestOptions();
        CSharpCompilation input = TestCompilation.Create(sources, options);
        GeneratorDriver driver = Driver(options).RunGeneratorsAndUpdateCompilation(input, out Compilation output, out _, TestContext.Current.CancellationToken);
        GeneratorDriverRunResult run = driver.GetRunResult();
        Assert.Empty(run.Diagnostics);
        Assert.Null(run.Results.Single().Exception);
        ProveNoRoslynObjects(run);
        ProveCached(driver, input);
        var generated = Texts(run);
        ProveOrder(sources, options, generated);
        return new GeneratorResult(output, generated, run);
    }

    private static CSharpGeneratorDriver Driver(TestOptions options) => CSharpGeneratorDriver.Create(
        [new AgentFlowGenerator().AsSourceGenerator()], options.AdditionalFiles.Select(static file => new TestFile(file.Key, file.Value)), TestCompilation.ParseOptions,
        new TestBuildProperties(options.BuildProperties), new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    private static SortedDictionary<string, string> Texts(GeneratorDriverRunResult run) => new(
        run.Results.Single().GeneratedSources.ToDictionary(static source => source.HintName, static source => source.SourceText.ToString()), StringComparer.Ordinal);

    private static void ProveNoRoslynObjects(GeneratorDriverRunResult run)
    {
        foreach ((string name, IncrementalGeneratorRunStep step) in NamedSteps(run))
        {
            foreach ((object value, _) in step.Outputs)
                RoslynObjects.AssertNone(value, name);
        }
    }

    private static void ProveCached(GeneratorDriver driver, CSharpCompilation input)
    {
        CSharpCompilation edited = input.AddSyntaxTrees(TestCompilation.Parse("namespace Unrelated { internal sealed class Edit { public int Value => 1; } }", "unrelated.cs"));
        GeneratorDriverRunResult again = driver.RunGenerators(edited, TestContext.Current.CancellationToken).GetRunResult();
        foreach ((string name, IncrementalGeneratorRunStep step) in NamedSteps(again))
        {
            foreach ((object value, IncrementalStepRunReason reason) in step.Outputs)
            {
                Assert.True(reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, $"After an unrelated edit step {name} is {reason} for {value}.");
            }
        }

        foreach ((object value, IncrementalStepRunReason reason) in again.Results.Single().TrackedOutputSteps.SelectMany(static s => s.Value).SelectMany(static s => s.Outputs))
            Assert.True(reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, $"After an unrelated edit an output is {reason}: {value}.");
    }

    private static void ProveOrder(IReadOnlyList<string> sources, TestOptions options, SortedDictionary<string, string> expected)
    {
        CSharpCompilation input = TestCompilation.Create(sources, options);
        CSharpCompilation swapped = input.RemoveAllSyntaxTrees().AddSyntaxTrees(input.SyntaxTrees.Reverse());
        GeneratorDriverRunResult run = Driver(options).RunGenerators(swapped, TestContext.Current.CancellationToken).GetRunResult();
        Assert.Equal(expected, Texts(run));
    }

    private static IEnumerable<(string Name, IncrementalGeneratorRunStep Step)> NamedSteps(GeneratorDriverRunResult run) =>
        from pair in run.Results.Single().TrackedSteps
        where pair.Key.StartsWith(Tracking.Prefix, StringComparison.Ordinal)
        from step in pair.Value
        select (pair.Key, step);
}

/// <summary>What a run of the generator gave.</summary>
internal sealed record GeneratorResult(Compilation Compilation, SortedDictionary<string, string> Generated, GeneratorDriverRunResult Run)
{
    /// <summary>Emits the compilation and loads it.</summary>
    public Assembly Load()
    {
        using var image = new MemoryStream(Image());
        return new AssemblyLoadContext(null, isCollectible: true).LoadFromStream(image);
    }

    /// <summary>The compilation as a reference of another.</summary>
    public MetadataReference ToReference() => MetadataReference.CreateFromImage(Image());

    /// <summary>The only generated file whose hint name contains a text.</summary>
    public string File(string part) => Assert.Single(Generated, pair => pair.Key.Contains(part, StringComparison.Ordinal)).Value;

    private byte[] Image()
    {
        using var image = new MemoryStream();
        Microsoft.CodeAnalysis.Emit.EmitResult emitted = Compilation.Emit(image, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics));
        return image.ToArray();
    }
}
