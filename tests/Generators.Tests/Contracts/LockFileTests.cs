using AgentFlow.Generators.Contracts;
using AgentFlow.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace AgentFlow.Generators.Tests.Contracts;

/// <summary>The lock file: what was published, and what may still change.</summary>
public sealed class LockFileTests
{
    private const string Published = """
        namespace Shop;
        public enum Colour { Red, Green }
        [Payload] public sealed partial record Part(string Name);
        [Payload, Case(1, typeof(Round))] public abstract partial record Shape;
        [Payload] public sealed partial record Round(int Radius) : Shape;
        [Message("shop.order")] public sealed partial record Order(string Id, int Count, Part Part, Colour Colour, string? Note, List<int> Sizes, Dictionary<string, Part> Map, Shape Shape);
        """;

    [Fact]
    public async Task The_published_shape_is_silent() => Assert.DoesNotContain(await WithLockAsync(Published), static d => d.Id is "AGF0004" or "AGF0012");

    [Theory]
    [InlineData("string Id", "string Key", "number 1 of 'Order' was 'id' and is 'key'")]
    [InlineData("string Id, int Count", "int Count, string Id", "number 1 of 'Order' was 'id' and is 'count'")]
    [InlineData("int Count", "long Count", "'count', number 2 of 'Order', was 'sint32' and is 'sint64'")]
    [InlineData("string? Note", "string Note", "'note', number 5 of 'Order', was 'optional string' and is 'string'")]
    [InlineData("List<int> Sizes", "int Sizes", "was 'repeated sint32' and is 'sint32'")]
    [InlineData("Dictionary<string, Part>", "Dictionary<int, Part>", "was 'map<string, Part>' and is 'map<sint32, Part>'")]
    [InlineData(", Shape Shape)", ")", "number 8 of 'Order' was 'shape' and is gone")]
    [InlineData("Part(string Name)", "Part(int Name)", "'name', number 1 of 'Part', was 'string' and is 'sint32'")]
    [InlineData("Red, Green", "Red", "number 1 of 'Colour' was 'COLOUR_GREEN' and is gone")]
    [InlineData("Red, Green", "Red, Blue", "number 1 of 'Colour' was 'COLOUR_GREEN' and is 'COLOUR_BLUE'")]
    [InlineData("Case(1,", "Case(2,", "number 1 of 'Shape' was 'round' and is gone")]
    public async Task A_breaking_change_says_what_broke(string was, string now, string message)
    {
        Diagnostic[] diagnostics = await WithLockAsync(Published.Replace(was, now, StringComparison.Ordinal));
        string text = Assert.Single(diagnostics, static d => d.Id == "AGF0004").GetMessage(System.Globalization.CultureInfo.InvariantCulture);
        Assert.Contains(message, text, StringComparison.Ordinal);
        Assert.Contains("raise the version to 2", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Shape Shape)", "Shape Shape, int More, string? Text)")]
    [InlineData("Red, Green", "Red, Green, Blue")]
    [InlineData("Part(string Name)", "Part(string Name, int Size)")]
    public async Task An_addition_is_only_missing_in_the_lock_file(string was, string now)
    {
        Diagnostic[] diagnostics = await WithLockAsync(Published.Replace(was, now, StringComparison.Ordinal));
        Assert.DoesNotContain(diagnostics, static d => d.Id == "AGF0004");
        Diagnostic missing = Assert.Single(diagnostics, static d => d.Id == "AGF0012");
        Assert.StartsWith("shop.order@1\n  syntax = \"proto3\";\n", missing.Properties[LockRule.EntryProperty], StringComparison.Ordinal);
    }

    [Fact]
    public void Code_for_an_added_field_still_accepts_the_published_shape()
    {
        string source = Published.Replace("Shape Shape)", "Shape Shape, int More)", StringComparison.Ordinal);
        string generated = GeneratorHarness.Run([source], Options(Lock(Published))).File("Shop.Order.contract");
        Assert.Contains("CompatibleProtoTexts =", generated, StringComparison.Ordinal);
        Assert.DoesNotContain("CompatibleProtoTexts =", GeneratorHarness.Run([Published], Options(Lock(Published))).File("Shop.Order.contract"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_version_needs_a_way_from_the_published_one()
    {
        const string Raised = "namespace Shop; [Message(\"shop.order\", Version = 2)] public sealed partial record Order(string Key);";
        Diagnostic diagnostic = Assert.Single(await WithLockAsync(Raised), static d => d.Id == "AGF0005");
        Assert.Contains("[UpcastFrom(1)]", diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
        const string WithBoth = """
            namespace Shop;
            [Message("shop.order")] public sealed partial record Old(string Key);
            [Message("shop.order", Version = 2)] public sealed partial record Order(string Key);
            """;
        Assert.Contains("From(Old old)", await AnalyzerHarness.SingleAsync("AGF0005", WithBoth), StringComparison.Ordinal);
        await AnalyzerHarness.NoneAsync("AGF0005", WithBoth.Replace("Order(string Key);", "Order(string Key) { [UpcastFrom(1)] public static Order From(Old old) => new(old.Key); }", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_lock_file_nothing_is_missing() => await AnalyzerHarness.NoneAsync("AGF0012", Published);

    [Fact]
    public void Entries_come_back_from_their_text()
    {
        LockEntry one = new("a.b", 1, "syntax = \"proto3\";\n\npackage a.b.v1;\n\nmessage B {\n  string x = 1;\n}\n"), two = one with { Version = 2 };
        string text = "# published\n" + LockFile.Render(one.Name, one.Version, one.ProtoText) + "\n" + LockFile.Render(two.Name, two.Version, two.ProtoText);
        Assert.Equal([one, two], LockFile.Parse(text));
        Assert.Equal([one, two], LockFile.Parse(text.Replace("\n", "\r\n", StringComparison.Ordinal)));
        Assert.Empty(LockFile.Parse("nonsense\n  here"));
    }

    private static Task<Diagnostic[]> WithLockAsync(string source) => AnalyzerHarness.RunAsync([source], Options(Lock(Published)));

    private static TestOptions Options(string lockFile) => new() { AdditionalFiles = new Dictionary<string, string> { ["/shop/agentflow.contracts.lock"] = lockFile } };

    private static string Lock(string source)
    {
        Compilation compilation = TestCompilation.Create([source]);
        ContractModel model = ContractParser.Parse(compilation.GetTypeByMetadataName("Shop.Order")!, null)!;
        return LockFile.Render("shop.order", 1, ProtoText.Render(model, model.Message!));
    }
}
