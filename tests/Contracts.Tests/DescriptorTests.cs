using System.Text.Json;
using AgentFlow.Contracts.Tests.Samples;
using AgentFlow.Protocol.Frames;
using AgentFlow.SourceGeneration;

namespace AgentFlow.Contracts.Tests;

public sealed class DescriptorTests
{
    private static readonly DeployV2 s_deploy = new("shop", "2.0", "1.9", Risk.High, "hunter2", [new Part("web", 1, null)]);

    [Fact]
    public void Attributes_reach_the_descriptor()
    {
        MessageDescriptor<DeployV2> descriptor = DeployV2.AgentFlowDescriptor;
        Assert.Equal("evolution.deploy@2", descriptor.ToString());
        Assert.Equal(
            [new ApprovalRequirement(1, "managers", 2, TimeSpan.FromMinutes(90), false), new ApprovalRequirement(2, "security", 1, TimeSpan.FromHours(24), true)], descriptor.Approvals);
        Assert.Equal((ThreadOutcome.Running, 3, null), (descriptor.Ends, descriptor.MaxHops, descriptor.Route));
        Assert.Equal((ThreadOutcome.Failed, "elsewhere"), (Done.AgentFlowDescriptor.Ends, Done.AgentFlowDescriptor.Route));
        Assert.Equal(new MemberDescriptor("Service", "service", 1, false, null, "What to deploy."), descriptor.Members[0]);
        Assert.Equal(new MemberDescriptor("Version", "version", 2, false, "Live", "The new version."), descriptor.Members[1]);
        Assert.True(descriptor.Members[4].IsSensitive);
    }

    [Fact]
    public void The_schema_hash_is_that_of_the_proto_text() => Assert.Equal(SchemaHash.Of(DeployV2.AgentFlowDescriptor.ProtoText), DeployV2.AgentFlowDescriptor.SchemaHash);

    [Fact]
    public void A_summary_is_filled_and_masks_secrets() => Assert.Equal("Deploy shop 2.0 with ••• at {High}", DeployV2.AgentFlowDescriptor.Summarize(s_deploy));

    [Fact]
    public void Members_are_described_with_what_was_before_and_without_secrets() => Assert.Equal(
        [
            ("Service", "shop", null), ("Version", "2.0", "1.9"), ("Live", "1.9", null), ("Risk", "High", null), ("Password", "•••", null),
            ("Parts", "[{ Name: \"web\", Count: 1, Inner: (none) }]", null),
        ],
        DeployV2.AgentFlowDescriptor.Describe(s_deploy).Select(static member => (member.Name, member.Text, member.OldText)));

    [Theory]
    [InlineData("web, Count: 9, Inner: (none) }, { Name: db", "\"web, Count: 9, Inner: (none) }, { Name: db\"")]
    [InlineData("web\", Count: 9", "\"web\\\", Count: 9\"")]
    [InlineData("(none)", "\"(none)\"")]
    public void Text_inside_a_nested_value_cannot_pose_as_other_members(string name, string shown) => Assert.Equal(
        $"[{{ Name: {shown}, Count: 1, Inner: (none) }}]",
        DeployV2.AgentFlowDescriptor.Describe(s_deploy with { Parts = [new Part(name, 1, null)] })[^1].Text);

    [Theory]
    [InlineData("shop\nRisk: Low", "shop\\nRisk: Low")]
    [InlineData("shop\r\t\u2028\u2029", "shop\\r\\t\\u{2028}\\u{2029}")]
    [InlineData("nur\u202Egnp.exe", "nur\\u{202E}gnp.exe")]
    [InlineData("a\u200Bb\uFEFF\0\u001B[2J", "a\\u{200B}b\\u{FEFF}\\u{0}\\u{1B}[2J")]
    [InlineData("\U000E0041", "\\u{E0041}")]
    [InlineData("\u3164\u2800\u115F\U000E0101", "\\u{3164}\\u{2800}\\u{115F}\\u{E0101}")]
    [InlineData("C:\\shop, \"Straße\" 👩\u200D💻", "C:\\shop, \"Straße\" 👩\u200D💻")]
    public void Text_cannot_hide_anything_or_begin_a_line(string text, string shown)
    {
        var deploy = s_deploy with { Service = text };
        Assert.Equal(shown, DeployV2.AgentFlowDescriptor.Describe(deploy)[0].Text);
        Assert.Equal($"Deploy {shown} 2.0 with ••• at {{High}}", DeployV2.AgentFlowDescriptor.Summarize(deploy));
    }

    [Fact]
    public void Half_of_a_surrogate_pair_is_shown_as_a_replacement() =>
        Assert.Equal("half \uFFFD", DeployV2.AgentFlowDescriptor.Describe(s_deploy with { Service = "half \uD800" })[0].Text);

    [Fact]
    public void Every_kind_of_value_can_be_described()
    {
        for (int seed = 0; seed < 50; seed++)
            Assert.Equal(71, Everything.AgentFlowDescriptor.Describe(new RandomValues(seed).Next<Everything>()).Count);
    }

    [Fact]
    public void ToString_masks_secrets() =>
        Assert.StartsWith("DeployV2 { Service = shop, Version = 2.0, Live = 1.9, Risk = High, Password = •••, Parts = ", s_deploy.ToString(), StringComparison.Ordinal);

    [Fact]
    public void The_JSON_schema_is_JSON_that_names_every_member()
    {
        using JsonDocument schema = JsonDocument.Parse(DeployV2.AgentFlowDescriptor.JsonSchema);
        JsonElement root = schema.RootElement;
        Assert.Equal("Asks to deploy a service.", root.GetProperty("description").GetString());
        Assert.Equal(["service", "version", "live", "risk", "password", "parts"], root.GetProperty("properties").EnumerateObject().Select(static p => p.Name));
        Assert.Equal(["service", "version", "risk", "password", "parts"], root.GetProperty("required").EnumerateArray().Select(static e => e.GetString()));
        Assert.Equal(["Low", "Medium", "High", "Critical"], root.GetProperty("$defs").GetProperty("Risk").GetProperty("enum").EnumerateArray().Select(static e => e.GetString()));
        using JsonDocument everything = JsonDocument.Parse(Everything.AgentFlowDescriptor.JsonSchema);
        Assert.Equal(2, everything.RootElement.GetProperty("$defs").GetProperty("Shape").GetProperty("oneOf").GetArrayLength());
    }
}
