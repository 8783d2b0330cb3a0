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
            new("Service", "shop", null), new("Version", "2.0", "1.9"), new("Live", "1.9", null), new("Risk", "High", null), new("Password", "•••", null),
            new("Parts", "[{ Name: web, Count: 1, Inner: (none) }]", null),
        ],
        DeployV2.AgentFlowDescriptor.Describe(s_deploy));

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
