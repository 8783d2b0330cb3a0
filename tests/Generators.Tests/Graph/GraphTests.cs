using System.Reflection;
using System.Text.Json;
using AgentFlow.Generators.Tests.Agents;
using AgentFlow.Generators.Tests.Harness;
using AgentFlow.SourceGeneration;

namespace AgentFlow.Generators.Tests.Graph;

public sealed class GraphTests
{
    private const string Sample = """
        namespace Shop;
        [Agent("qa")] public sealed class QaAgent { public Tested Handle(Built m) => new(m.Service); }
        [Agent("security")] public sealed class SecurityAgent { public Deploy Handle(Tested m) => new(m.Service); }
        [Agent("deploy")] public sealed class DeployAgent { public Deployed Handle(Approved<Deploy> ok) => new(ok.Message.Service); }
        """;

    [Fact]
    public void The_sample_is_drawn_as_the_readme_shows_it() => Assert.Equal(
        """
        flowchart LR
          in([start]) -->|release.built@1| qa[qa]
          qa -->|release.tested@1| security[security]
          security -->|release.deploy@1| gate{{"approval<br/>release-managers, 1, 2h"}}
          gate -->|Approved| deploy[deploy]
          gate -.->|rejected or expired| stop([stopped])
          deploy -->|release.deployed@1| out([end])
        """ + "\n", Module(Sample).GraphMermaid);

    [Fact]
    public void The_json_has_nodes_edges_gates_and_places()
    {
        JsonElement graph = Json(Sample);
        Assert.Equal(1, graph.GetProperty("v").GetInt32());
        Assert.Equal("Shop", graph.GetProperty("assembly").GetString());
        JsonElement[] nodes = [.. graph.GetProperty("nodes").EnumerateArray()];
        Assert.Equal(["in", "qa", "security", "gate", "deploy", "stop", "out"], nodes.Select(n => n.GetProperty("id").GetString()));
        Assert.Equal(["start", "agent", "agent", "gate", "agent", "end", "end"], nodes.Select(n => n.GetProperty("kind").GetString()));
        Assert.Equal("Shop.QaAgent", nodes[1].GetProperty("type").GetString());
        Assert.Equal("1.cs", nodes[1].GetProperty("file").GetString());
        Assert.Equal(2, nodes[1].GetProperty("line").GetInt32());
        JsonElement gate = Assert.Single(nodes[3].GetProperty("gates").EnumerateArray());
        Assert.Equal("""{"role":"release-managers","quorum":1,"lifetime":"2h"}""", gate.GetRawText());
        JsonElement refused = graph.GetProperty("edges").EnumerateArray().Single(e => e.GetProperty("to").GetString() == "stop");
        Assert.True(refused.GetProperty("dashed").GetBoolean());
        Assert.Equal("release.deploy", refused.GetProperty("contract").GetString());
        Assert.Equal(1, refused.GetProperty("version").GetInt32());
        Assert.Contains(graph.GetProperty("contracts").EnumerateArray(), c => c.GetProperty("contract").GetString() == "release.deployed" && c.GetProperty("ends").GetString() == "completed");
    }

    [Fact]
    public void Rejections_observers_routes_and_what_lies_elsewhere_are_drawn()
    {
        string mermaid = Module("""
            namespace Shop;
            [Message("report.asked"), Route("report-writer")] public sealed partial record Ask(string Service);
            [Agent("qa"), Sends(typeof(Ask))] public sealed class QaAgent { public (Deploy, Scanned) Handle(Built m) => (new(m.Service), new(m.Service)); }
            [Agent("end")] public sealed class EndAgent
            {
                public Deployed Handle(Approved<Deploy> ok) => new("");
                public void Handle(Rejected<Deploy> no) { }
                [Observer] public void Handle(Built m) { }
            }
            """).GraphMermaid;
        Assert.Equal(
            """
            flowchart LR
              in([start]) -->|release.built@1| qa[qa]
              in -->|release.built@1, observer| A_end[end]
              qa -->|release.deploy@1| gate{{"approval<br/>release-managers, 1, 2h"}}
              qa -.->|release.scanned@1| Elsewhere[[elsewhere]]
              qa -.->|report.asked@1| X_report_writer[[report-writer]]
              A_end -->|release.deployed@1| out([end])
              gate -->|Approved| A_end
              gate -.->|expired| stop([stopped])
              gate -.->|rejected| A_end
            """ + "\n", mermaid);
    }

    [Fact]
    public void An_executable_draws_the_whole_composition()
    {
        GeneratorResult library = AgentHarness.Run(Sample, new TestOptions { AssemblyName = "Shop" });
        GeneratorResult app = GeneratorHarness.Run(
            ["System.Console.WriteLine();"],
            new TestOptions { AssemblyName = "App", OutputKind = Microsoft.CodeAnalysis.OutputKind.ConsoleApplication, References = [library.ToReference()] });
        Assert.Contains("gate -->|Approved| deploy[deploy]", app.File("AgentFlowModule.Graph"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_shifted_line_changes_the_graph_and_nothing_else()
    {
        SortedDictionary<string, string> before = AgentHarness.Run(Sample).Generated;
        SortedDictionary<string, string> after = AgentHarness.Run("// a new first line\n" + Sample).Generated;
        Assert.Equal(["AgentFlowModule.Graph.g.cs"], before.Where(file => after[file.Key] != file.Value).Select(file => file.Key));
    }

    private static ModuleDescriptor Module(string source) => AgentHarness.Module(AgentHarness.Run(source).Load());

    private static JsonElement Json(string source) => JsonDocument.Parse(Module(source).GraphJson).RootElement;
}
