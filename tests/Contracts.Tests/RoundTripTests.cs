using AgentFlow.Contracts.Tests.Samples;

namespace AgentFlow.Contracts.Tests;

public sealed class RoundTripTests
{
    public static TheoryData<int> Seeds => new(Enumerable.Range(0, 300));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Random_values_come_back_from_both_codecs(int seed)
    {
        Everything value = new RandomValues(seed).Next<Everything>();
        byte[] bytes = Codec.ToBytes(Everything.AgentFlowCodec, value);
        string json = Codec.ToJson(Everything.AgentFlowCodec, value);

        Everything fromBytes = Codec.FromBytes(Everything.AgentFlowCodec, bytes)!;
        Everything fromJson = Codec.FromJson(Everything.AgentFlowCodec, json);

        Assert.Equal(bytes, Codec.ToBytes(Everything.AgentFlowCodec, fromBytes));
        Assert.Equal(json, Codec.ToJson(Everything.AgentFlowCodec, fromBytes));
        Assert.Equal(bytes, Codec.ToBytes(Everything.AgentFlowCodec, fromJson));
        Assert.Equal(json, Codec.ToJson(Everything.AgentFlowCodec, fromJson));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Random_records_of_values_are_equal_to_what_comes_back(int seed)
    {
        var random = new RandomValues(seed);
        Part part = random.Next<Part>();
        Shape shape = random.Next<Shape>();
        Assert.Equal(part, Codec.FromBytes(Part.AgentFlowCodec, Codec.ToBytes(Part.AgentFlowCodec, part)));
        Assert.Equal(part, Codec.FromJson(Part.AgentFlowCodec, Codec.ToJson(Part.AgentFlowCodec, part)));
        Assert.Equal(shape, Codec.FromBytes(Shape.AgentFlowCodec, Codec.ToBytes(Shape.AgentFlowCodec, shape)));
        Assert.Equal(shape, Codec.FromJson(Shape.AgentFlowCodec, Codec.ToJson(Shape.AgentFlowCodec, shape)));
    }

    [Fact]
    public void Equal_maps_give_equal_bytes_in_whatever_order_they_were_filled()
    {
        var one = new Scalars { Counts = new() { ["b"] = 1, ["a"] = 2 } };
        var other = new Scalars { Counts = new() { ["a"] = 2, ["b"] = 1 } };
        Assert.Equal(Codec.ToBytes(Scalars.AgentFlowCodec, one), Codec.ToBytes(Scalars.AgentFlowCodec, other));
    }

    [Fact]
    public void A_null_where_none_may_be_is_refused_when_it_is_written()
    {
        var part = new Part(null!, 1, null);
        Assert.Throws<ArgumentNullException>(() => Codec.ToBytes(Part.AgentFlowCodec, part));
    }

    [Fact]
    public void Half_a_surrogate_pair_is_refused_when_it_is_written()
    {
        var part = new Part("\ud800", 1, null);
        Assert.ThrowsAny<ArgumentException>(() => Codec.ToBytes(Part.AgentFlowCodec, part));
    }
}
