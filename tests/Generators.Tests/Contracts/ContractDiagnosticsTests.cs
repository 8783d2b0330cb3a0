using AgentFlow.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace AgentFlow.Generators.Tests.Contracts;

/// <summary>Each rule of contracts, where it is broken and where it is kept.</summary>
public sealed class ContractDiagnosticsTests
{
    private const string Passing = """
        namespace Shop;
        public enum Colour : byte { Red }
        [Payload] public sealed partial record Part(string Name, [Field(7)] int Count);
        [Message("shop.order"), RequiresApproval("people", ExpiresAfter = "1h30m"), Summary("Order {Part} {{now}}"), MaxHops(2), Route("elsewhere"), EndsThread]
        public sealed partial record Order(Part Part, Colour Colour, [Sensitive] string Password, [ChangedFrom(nameof(Old))] int New, int Old, int TokenCount);
        [Message("shop.order", Version = 2)] public sealed partial record OrderTwo(int A) { [UpcastFrom(1)] public static OrderTwo From(Order old) => new(old.New); }
        [ThreadState("shop.state")] public sealed partial class State { public int Count { get; set; } }
        public partial class Outer { [Message("shop.nested")] public sealed partial record Nested(int Value) { public int Twice => Value * 2; } }
        """;

    [Fact]
    public async Task What_keeps_every_rule_is_not_reported() => Assert.DoesNotContain(await AnalyzerHarness.RunAsync([Passing]), static d => d.Id.StartsWith("AGF00", StringComparison.Ordinal));

    [Theory]
    [InlineData("AGF0001", "[Message(\"a.b\")] public sealed record A(int X);", "'A' cannot be completed by generated code: add 'partial' to 'A'.")]
    [InlineData("AGF0001", "public class Outer { [Message(\"a.b\")] public sealed partial record A(int X); }", "'A' cannot be completed by generated code: add 'partial' to 'Outer'.")]
    [InlineData("AGF0001", "[Payload] public sealed partial record A<T>(int X);", "generic")]
    [InlineData("AGF0001", "public partial class Outer { [Payload] private sealed partial record A(int X); }", "hidden")]
    [InlineData("AGF0001", "[Payload] file sealed partial record A(int X);", "file")]
    [InlineData("AGF0002", "[Message(\"a.b\")] public sealed partial record A(int X); [Message(\"a.b\")] public sealed partial record B(int X);", "'A' and 'B' are both contract 'a.b@1'")]
    [InlineData("AGF0003", "[Payload] public sealed partial record A(object X);", "'A.X' cannot be serialized: its type is 'object'; use a primitive")]
    [InlineData("AGF0003", "[Payload] public sealed partial record A(DateTime X);", "use DateTimeOffset")]
    [InlineData("AGF0003", "public sealed record B(int Y); [Payload] public sealed partial record A(B X);", "mark 'B' with [Payload]")]
    [InlineData("AGF0003", "[Payload] public sealed partial record A(List<int[]> X);", "a collection cannot hold collections")]
    [InlineData("AGF0003", "[Payload] public sealed partial record A(List<string?> X);", "an element cannot be null")]
    [InlineData("AGF0003", "[Payload] public sealed partial record A(Dictionary<Guid, int> X);", "keys of a map are string or int")]
    [InlineData("AGF0003", "public enum E : long { A } [Payload] public sealed partial record A(E X);", "derive 'E' from int")]
    [InlineData("AGF0003", "[Payload] public sealed partial class A { public int X { get; } = 1; }", "cannot be set when a message is read")]
    [InlineData("AGF0003", "[Payload] public sealed partial class A { public int X; }", "it is a field; make it a property")]
    [InlineData("AGF0003", "[Payload] public sealed partial class A { private A() { } }", "needs a public constructor")]
    [InlineData("AGF0003", "[Payload] public abstract partial record A;", "name its cases with [Case(n, typeof(X))]")]
    [InlineData("AGF0003", "[Payload, Case(1, typeof(B))] public abstract partial record A; [Payload] public partial record B : A;", "a case must be sealed")]
    [InlineData("AGF0003", "[Payload, Case(1, typeof(B))] public abstract partial record A; [Payload] public sealed partial record B;", "a case must derive from 'A'")]
    [InlineData("AGF0003", "[Payload, Case(1, typeof(B))] public abstract partial record A; public sealed record B : A;", "marked with [Payload]")]
    [InlineData("AGF0006", "[Payload] public sealed partial record A([Field(2)] int X, int Y);", "'A.Y' cannot have field number 2: 'X' has it.")]
    [InlineData("AGF0006", "[Payload] public sealed partial record A([Field(0)] int X);", "1 to 536870911")]
    [InlineData("AGF0006", "[Payload] public sealed partial record A([Field(19500)] int X);", "reserved by protobuf")]
    [InlineData("AGF0006", "[Payload, Case(1, typeof(B)), Case(1, typeof(C))] public abstract partial record A; [Payload] public sealed partial record B : A; [Payload] public sealed partial record C : A;", "another case has it")]
    [InlineData("AGF0007", "[Payload] public sealed partial record A(string ApiKey);", "Mark it [Sensitive]")]
    [InlineData("AGF0007", "[Payload] public sealed partial record A(byte[] Access_Token);", "Mark it [Sensitive]")]
    [InlineData("AGF0008", "[Payload] public sealed partial record A([Sensitive] string Key) { public override string ToString() => $\"A {Key}\"; }", "'A.Key' is [Sensitive] but reaches 'ToString'")]
    [InlineData("AGF0008", "[Payload] public sealed partial record A([Sensitive] string Key); class Use { void M(A a) => Console.WriteLine(\"key \" + a.Key); }", "reaches 'WriteLine'")]
    [InlineData("AGF0008", "[Payload] public sealed partial class A { [Sensitive] public string Key { get; set; } = \"\"; } class Use { void M(A a) => Console.WriteLine($\"{a.Key.ToString()}\"); }", "reaches 'WriteLine'")]
    [InlineData("AGF0008", "[Payload] public sealed partial record A([Sensitive] string Key); class Use { void M(Microsoft.Extensions.Logging.ILogger log, A a) => Microsoft.Extensions.Logging.LoggerExtensions.Log(log, Microsoft.Extensions.Logging.LogLevel.Error, \"{Key}\", a.Key); }", "reaches 'Log'")]
    [InlineData("AGF0009", "[Message(\"a.b\"), Summary(\"Do {Y}\")] public sealed partial record A(int X);", "names 'Y', which is no member of it. Take one of: X.")]
    [InlineData("AGF0009", "[Message(\"a.b\"), Summary(\"Do {X\")] public sealed partial record A(int X);", "has a single '{'")]
    [InlineData("AGF0010", "[Payload] public sealed partial record A([ChangedFrom(\"Y\")] int X, string Y);", "one is 'int', the other 'string'")]
    [InlineData("AGF0010", "[Payload] public sealed partial record A([ChangedFrom(\"Z\")] int X);", "has no member 'Z'")]
    [InlineData("AGF0011", "[Message(\"a.b\"), RequiresApproval(\"r\", ExpiresAfter = \"soon\")] public sealed partial record A(int X);", "'soon' is not a duration")]
    [InlineData("AGF0011", "[Message(\"a.b\"), RequiresApproval(\"r\", ExpiresAfter = \"500ms\")] public sealed partial record A(int X);", "whole seconds")]
    [InlineData("AGF0013", "[Message(\"A B\")] public sealed partial record A(int X);", "has the name 'A B'")]
    [InlineData("AGF0013", "[Message(\"a.b\", Version = 0)] public sealed partial record A(int X);", "has version 0")]
    [InlineData("AGF0013", "[Message(\"a.b\"), RequiresApproval(\"r\", Quorum = 0)] public sealed partial record A(int X);", "requires 0 approvals")]
    [InlineData("AGF0013", "[Message(\"a.b\"), MaxHops(0)] public sealed partial record A(int X);", "[MaxHops(0)]")]
    [InlineData("AGF0013", "[Message(\"a.b\"), EndsThread(ThreadOutcome.Parked)] public sealed partial record A(int X);", "Take Completed or Failed")]
    [InlineData("AGF0013", "[Message(\"a.b\"), Payload] public sealed partial record A(int X);", "Keep one")]
    [InlineData("AGF0013", "[Message(\"a.b\", Version = 2)] public sealed partial record A(int X) { [UpcastFrom(1)] public static A From(string old) => new(1); }", "is no way from a.b@1")]
    public async Task What_breaks_a_rule_is_reported_with_the_fix(string id, string source, string message) =>
        Assert.Contains(message, await AnalyzerHarness.SingleAsync(id, "namespace Shop;\n" + source), StringComparison.Ordinal);

    [Theory]
    [InlineData("AGF0008", "[Payload] public sealed partial record A([Sensitive] string Key); class Use { void M(A a) { Console.WriteLine(a.Key.Length); Console.WriteLine(a.Key == \"\"); Take(a.Key); } void Take(string key) { } }")]
    [InlineData("AGF0008", "[Payload] public sealed partial record A([Sensitive] string Key) { public override string ToString() => $\"A of {Key.Length}\"; }")]
    [InlineData("AGF0007", "[Payload] public sealed partial record A(int Tokens, bool Password, [Sensitive] string Secret, string Tokenizer);")]
    public async Task What_only_looks_like_it_is_not_reported(string id, string source) => await AnalyzerHarness.NoneAsync(id, "namespace Shop;\n" + source);

    [Fact]
    public async Task Members_of_several_parts_need_numbers()
    {
        string[] parts = ["namespace Shop; [Payload] public sealed partial class A { public int X { get; set; } }", "namespace Shop; public sealed partial class A { public int Y { get; set; } }"];
        Assert.Equal(2, (await AnalyzerHarness.RunAsync(parts)).Count(static d => d.Id == "AGF0006"));
        string[] numbered = [.. parts.Select(static (part, i) => part.Replace("{ public int", $"{{ [Field({i + 1})] public int", StringComparison.Ordinal))];
        Assert.DoesNotContain(await AnalyzerHarness.RunAsync(numbered), static d => d.Id == "AGF0006");
    }

    [Fact]
    public async Task A_pragma_suppresses_a_rule() => await AnalyzerHarness.NoneAsync("AGF0007", """
        namespace Shop;
        #pragma warning disable AGF0007
        [Payload] public sealed partial record A(string ApiKey);
        """);

    [Fact]
    public void A_type_with_an_error_gets_no_code()
    {
        GeneratorResult result = GeneratorHarness.RunUnchecked(["namespace Shop; [Payload] public sealed partial record A(object X); [Payload] public sealed partial record B(int X);"]);
        Assert.Single(result.Generated.Keys, static name => name.Contains(".contract.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_diagnostic_has_a_place_in_the_source()
    {
        foreach (Diagnostic diagnostic in await AnalyzerHarness.RunAsync(["namespace Shop; [Message(\"a.b\"), Summary(\"{Y}\")] public sealed partial record A([Field(0)] object X);"]))
            Assert.True(diagnostic.Location.IsInSource);
    }
}
