using AgentFlow.Generators.Shared;
using AgentFlow.Generators.Tests.Agents;
using AgentFlow.Generators.Tests.Harness;
using AgentFlow.SourceGeneration;
using Microsoft.CodeAnalysis;

namespace AgentFlow.Generators.Tests.Modules;

public sealed class ModuleTests
{
    private const string Qa = """
        namespace Shop;
        [Agent("qa")] public sealed class QaAgent { public Tested Handle(Built m) => new(m.Service); }
        """;

    [Fact]
    public void A_module_lists_contracts_by_key_and_agents_by_name()
    {
        ModuleDescriptor module = AgentHarness.Module(AgentHarness.Run(Qa + """
            [Agent("a-first")] internal sealed class First { public void Handle(Tested m) { } }
            """).Load());
        Assert.Equal("Shop", module.Assembly);
        Assert.Equal(["release.built@1", "release.deploy@1", "release.deployed@1", "release.scanned@1", "release.tested@1"], module.Messages.Select(m => m.ToString()));
        Assert.Equal(["a-first", "qa"], module.Agents.Select(a => a.Name));
        Assert.Equal(5, module.Codecs.Count);
    }

    [Theory]
    [InlineData("Shop.Web", "Shop.Web")]
    [InlineData("my-app.2x", "my_app._2x")]
    [InlineData("class.namespace", "class.namespace")]
    [InlineData("Shop.Built", "Shop.Built_")]
    public void The_namespace_is_the_assembly_name_made_of_identifiers(string assembly, string expected)
    {
        var loaded = AgentHarness.Run(Qa, new TestOptions { AssemblyName = assembly }).Load();
        Assert.Equal(expected, AgentHarness.Module(loaded).Assembly == assembly ? loaded.GetTypes().Single(t => t.Name == "AgentFlowModule").Namespace : null);
    }

    [Fact]
    public void A_type_that_is_named_like_the_assembly_is_no_trouble() => GeneratorHarness.Run(
        ["[Message(\"release.deploy\")] public sealed partial record Deploy(string Service); [Agent(\"deploy\")] public sealed class DeployAgent { public void Handle(Deploy m) { } }"],
        new TestOptions { AssemblyName = "Deploy" });

    [Fact]
    public void Agents_that_look_alike_get_files_and_classes_of_their_own()
    {
        GeneratorResult result = AgentHarness.Run("""
            namespace Shop
            {
                [Agent("a")] public sealed class Foo_T { public void Handle(Built m) { } }
                [Agent("b")] public sealed class FooT { public void Handle(Built m) { } }
                [Agent("c")] public sealed class foo_t { public void Handle(Built m) { } }
                public static class Foo { [Agent("d")] public sealed class T { public void Handle(Built m) { } } }
            }
            namespace Shop.Foo2 { [Agent("e")] public sealed class T { public void Handle(Built m) { } } }
            namespace Shop.@class { [Agent("f")] public sealed class @event { public void Handle(Built @params) { } } }
            """);
        Assert.Equal(6, result.Generated.Keys.Count(k => k.Contains(".agent.", StringComparison.Ordinal)));
        Assert.Equal(6, AgentHarness.Module(result.Load()).Agents.Count);
    }

    [Fact]
    public void Module_identifiers_are_injective()
    {
        string[] names = ["A.B_C", "A.B.C", "A_B.C", "A.B+C", "A._B", "A_.B", "A.B`1", "A.B_1", "A.B_2BC"];
        Assert.Equal(names.Length, names.Select(ModuleName.Identifier).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Obsolete_contracts_and_agents_give_no_warning_in_generated_code() => AgentHarness.Run("""
        namespace Shop;
        [Message("release.old"), Obsolete("old")] public sealed partial record Old(string Service);
        [Obsolete("old"), Agent("qa")] public sealed class QaAgent { public void Handle(Old m) { } }
        """);

    [Fact]
    public void Internal_types_do_not_leak_from_the_public_module() => AgentHarness.Run("""
        namespace Shop;
        [Message("release.hidden")] internal sealed partial record Secret(string Service);
        [Agent("qa")] internal sealed class QaAgent { public Secret Handle(Built m) => new(m.Service); }
        """);

    [Fact]
    public void An_agent_with_an_error_is_left_out_and_the_rest_stays()
    {
        GeneratorResult result = AgentHarness.Run(Qa + """
            [Agent("deploy")] public sealed class DeployAgent { public Deployed Handle(Deploy m) => new(m.Service); }
            """);
        Assert.Equal(["qa"], AgentHarness.Module(result.Load()).Agents.Select(a => a.Name));
    }

    [Theory]
    [InlineData("[Message(\"a.b\")] public sealed record Broken(string Text);", "Broken")]
    [InlineData("[Message(\"a.b\")] public sealed partial record Broken(object Text);", "Broken")]
    public void A_contract_with_an_error_brings_no_error_in_generated_code(string contract, string type)
    {
        GeneratorResult result = AgentHarness.Run($$"""
            namespace Shop;
            {{contract}}
            [Agent("a")] public sealed class A { public void Handle({{type}} m) { } }
            [Agent("b"), Sends(typeof({{type}}))] public sealed class B { public void Handle(Built m) { } }
            [Agent("c")] public sealed class C { public void Handle(Built m) { } }
            """);
        ModuleDescriptor module = AgentHarness.Module(result.Load());
        Assert.Equal(["c"], module.Agents.Select(a => a.Name));
        Assert.DoesNotContain(module.Messages, m => m.Name == "a.b");
    }

    [Fact]
    public void An_edit_of_one_agent_re_emits_its_file_only()
    {
        const string More = """

            [Agent("security")] public sealed class SecurityAgent { public Scanned Handle(Tested m) => new(m.Service); }
            """;
        SortedDictionary<string, string> before = AgentHarness.Run(Qa + More).Generated;
        SortedDictionary<string, string> after = AgentHarness.Run((Qa + More).Replace("Handle(Built m)", "Handle(Built m, CancellationToken stop)", StringComparison.Ordinal)).Generated;
        string changed = Assert.Single(before.Where(file => after[file.Key] != file.Value).Select(file => file.Key));
        Assert.StartsWith("Shop.QaAgent.agent.", changed, StringComparison.Ordinal);
    }

    [Fact]
    public void A_library_gets_no_AddAgentFlow() =>
        Assert.DoesNotContain("AddAgentFlow.g.cs", AgentHarness.Run(Qa).Generated.Keys);
}
