using AgentFlow.Generators.Tests.Harness;

namespace AgentFlow.Generators.Tests.Contracts;

/// <summary>What is generated compiles, without a warning, for everything that a contract may hold.</summary>
public sealed class CompileTests
{
    [Fact]
    public void A_plain_record() => GeneratorHarness.Run("""
        namespace Shop;
        [Message("release.built")] public sealed partial record Built(string Service, string Version, string Commit);
        """);

    [Theory]
    [InlineData("bool")]
    [InlineData("sbyte")]
    [InlineData("byte")]
    [InlineData("short")]
    [InlineData("ushort")]
    [InlineData("int")]
    [InlineData("uint")]
    [InlineData("long")]
    [InlineData("ulong")]
    [InlineData("char")]
    [InlineData("float")]
    [InlineData("double")]
    [InlineData("decimal")]
    [InlineData("string")]
    [InlineData("byte[]")]
    [InlineData("ReadOnlyMemory<byte>")]
    [InlineData("Guid")]
    [InlineData("DateTimeOffset")]
    [InlineData("DateOnly")]
    [InlineData("TimeOnly")]
    [InlineData("TimeSpan")]
    [InlineData("Uri")]
    [InlineData("Risk")]
    [InlineData("Part")]
    [InlineData("Shape")]
    [InlineData("Colour")]
    public void Every_type_alone_nullable_and_in_every_collection(string type) => GeneratorHarness.Run($$"""
        namespace Shop;
        public enum Colour : byte { None, Red = 7, Rouge = 7 }
        [Payload] public sealed partial record Part(string Name);
        [Payload, Case(1, typeof(Circle)), Case(2, typeof(Square))] public abstract partial record Shape;
        [Payload] public sealed partial record Circle(double Radius) : Shape;
        [Payload] public sealed partial record Square(double Side) : Shape;

        [Message("shop.all")] public sealed partial record All(
            {{type}} Single, {{type}}? Maybe, {{type}}[] Array, {{type}}[]? MaybeArray, List<{{type}}> List, List<{{type}}>? MaybeList, IReadOnlyList<{{type}}> ReadOnly,
            IReadOnlyCollection<{{type}}> Collection, ImmutableArray<{{type}}> Immutable, ImmutableArray<{{type}}>? MaybeImmutable, Dictionary<string, {{type}}> Map, Dictionary<int, {{type}}>? MaybeMap,
            IReadOnlyDictionary<string, {{type}}> ReadOnlyMap);
        """);

    [Fact]
    public void Members_that_are_assigned_required_or_inherited() => GeneratorHarness.Run("""
        namespace Shop;
        public abstract class Base { public required string Tenant { get; init; } }
        [Message("shop.order")] public sealed partial class Order : Base
        {
            public int Count { get; set; }
            public required string? Note { get; init; }
            public int Twice => Count * 2;
        }
        [Message("shop.mixed")] public partial record Mixed(string Id) { public List<int> Numbers { get; set; } = []; }
        [Message("shop.class")] public sealed partial class WithConstructor(string id, int count) { public string Id { get; } = id; public int Count { get; } = count; }
        """);

    [Fact]
    public void Keywords_as_names_of_members_types_and_namespaces() => GeneratorHarness.Run("""
        namespace @event.@class;
        public enum @enum { @void, @null = 3 }
        [Payload] public sealed partial record @record(string @string);
        [Message("shop.keywords"), Summary("{class} of {value}")] public sealed partial record @namespace(
            int @class, string @return, @enum @switch, @record @new, string value, string reader, string writer, string tag, string unknown, List<string> item, string name, string end, string @var);
        """);

    [Fact]
    public void Nested_types_and_the_global_namespace() => GeneratorHarness.Run("""
        [Message("top.level")] internal sealed partial record TopLevel(string A);
        public partial class Outer
        {
            internal partial interface IMiddle
            {
                [Message("nested.public")] public sealed partial record Inner(string A);
            }

            [Message("nested.internal")] internal sealed partial record Hidden(string A, Part Part);
            [Payload] protected internal sealed partial record Part([property: Sensitive] string Secret);
        }
        """);

    [Fact]
    public void A_hierarchy_whose_cases_are_nested_in_it_and_are_messages_too() => GeneratorHarness.Run("""
        namespace Shop;
        [Message("shop.shape"), Case(2, typeof(Circle)), Case(1, typeof(Shape.Square))]
        public abstract partial record Shape(string Name)
        {
            [Payload] public sealed partial record Square(string Name, [Sensitive] double Side) : Shape(Name);
        }
        [Message("shop.circle")] public sealed partial record Circle(string Name, double Radius) : Shape(Name);
        """);

    [Fact]
    public void A_contract_of_500_members()
    {
        string members = string.Join(", ", Enumerable.Range(0, 500).Select(static i => $"{(i % 3 == 0 ? "int" : i % 3 == 1 ? "string?" : "List<string>")} Member{i}"));
        GeneratorHarness.Run($"namespace Shop; [Message(\"shop.large\")] public sealed partial record Large({members});");
    }

    [Fact]
    public void Names_that_look_alike_and_recursive_types() => GeneratorHarness.Run("""
        namespace Shop
        {
            [Payload] public sealed partial record Node(Node? Next, List<Node> Children, Other.Node Twin);
            [Message("shop.tree")] public sealed partial record Tree(Node Root, int fooBar, int FooBar, int Foo_Bar, string Größe);
        }
        namespace Shop.Other
        {
            [Payload] public sealed partial record Node(string Name);
        }
        """);

    [Fact]
    public void Everything_that_attributes_say() => GeneratorHarness.Run("""
        namespace Shop;
        /// <summary>Asks to deploy. And more.</summary>
        /// <param name="Service">The <see cref="string"/> "name" of it. More.</param>
        [Message("release.deploy", Version = 2), RequiresApproval("managers", Quorum = 2, ExpiresAfter = "1h30m", DenyEnds = false), RequiresApproval("security")]
        [Summary("Deploy {Service} {{ {Version} }} of {Token} \"to\" production"), MaxHops(3), Route("deploy"), EndsThread(ThreadOutcome.Failed)]
        public sealed partial record Deploy(string Service, [ChangedFrom(nameof(Live))] string? Version, string? Live, Risk Risk, [Sensitive] string Token)
        {
            [UpcastFrom(1)] public static Deploy From(Old.Deploy old) => new(old.Service, null, null, Risk.Low, "");
        }
        [ThreadState("release", Version = 3)] public partial class State { public int Count { get; set; } public List<string> Done { get; set; } = []; }
        [ThreadState("release.two")] public sealed partial record Immutable(int Count, string Name);
        public static partial class Old
        {
            [Message("release.deploy")] public sealed partial record Deploy(string Service);
        }
        """);

    [Fact]
    public void Obsolete_members_and_types_of_another_assembly()
    {
        GeneratorResult library = GeneratorHarness.Run(["""
            namespace Library;
            [Payload] public sealed partial record Address(string Street, [Field(7)] int Number);
            [Message("library.sent")] public sealed partial record Sent(Address To);
            """], new TestOptions { AssemblyName = "Library" });
        GeneratorHarness.Run(["""
            namespace Shop;
            [Message("shop.order")] public sealed partial record Order(Library.Address To, Library.Sent Sent, [property: Obsolete] string Old);
            """], new TestOptions { References = [library.ToReference()] });
    }
}
