using AgentFlow.Contracts.Tests.Samples;
using AgentFlow.Protocol.Codec;
using AgentFlow.SourceGeneration;

namespace AgentFlow.Contracts.Tests;

public sealed class EvolutionTests
{
    private static readonly After s_after = new("shop", new NestedAfter(7, "note"), 3, new Nested(9), ["a", "b"]);

    [Fact]
    public void New_code_reads_old_bytes_and_gives_what_they_miss_its_default()
    {
        After read = Codec.FromBytes(After.AgentFlowCodec, Codec.ToBytes(Before.AgentFlowCodec, new Before("shop", new Nested(7))))!;
        Assert.Equal(("shop", new NestedAfter(7, ""), 0, new Nested(0)), (read.Service, read.Inner, read.Retries, read.Added));
        Assert.Empty(read.Tags);
    }

    [Fact]
    public void Old_code_reads_new_bytes_and_sends_on_what_it_does_not_know()
    {
        byte[] bytes = Codec.ToBytes(After.AgentFlowCodec, s_after);
        Before read = Codec.FromBytes(Before.AgentFlowCodec, bytes)!;
        Assert.Equal(("shop", 7), (read.Service, read.Inner.Value));
        Assert.Equal(bytes, Codec.ToBytes(Before.AgentFlowCodec, read));
        Assert.Equal(bytes, Codec.ToBytes(Before.AgentFlowCodec, read with { Service = "shop" }));
    }

    [Fact]
    public void Unknown_fields_are_seen_at_every_depth_and_count_in_equality()
    {
        byte[] bytes = Codec.ToBytes(After.AgentFlowCodec, s_after with { Retries = 0, Added = new Nested(0), Tags = [] });
        var reader = new ProtobufReader(bytes);
        Before read = Before.AgentFlowCodec.ReadProtobuf(ref reader)!;
        Assert.True(reader.HasUnknownFields);
        Assert.NotEqual(new Before("shop", new Nested(7)), read);
        Assert.Equal(Codec.FromBytes(Before.AgentFlowCodec, bytes), read);
        Assert.Equal(Codec.FromBytes(Before.AgentFlowCodec, bytes)!.GetHashCode(), read.GetHashCode());
    }

    [Fact]
    public void An_older_version_comes_up_to_the_present_one()
    {
        UpcastDescriptor upcast = Assert.Single(DeployV2.AgentFlowDescriptor.Upcasts);
        Assert.Same(DeployV1.AgentFlowDescriptor, upcast.From);
        Assert.Equal("shop", ((DeployV2)upcast.Upcast(new DeployV1("shop"))).Service);
    }

    [Fact]
    public void A_state_begins_as_its_class_says_and_keeps_what_it_is_given()
    {
        StateDescriptor<State> descriptor = State.AgentFlowState;
        State state = descriptor.Create();
        Assert.Equal(("evolution.state", 4, 5), (descriptor.Name, descriptor.Version, state.Count));
        state.Names.Add("second");
        state.Count = 0;
        State read = Codec.FromBytes(descriptor.Codec, Codec.ToBytes(descriptor.Codec, state))!;
        Assert.Equal(0, read.Count);
        Assert.Equal(["first", "second"], read.Names);
    }
}
