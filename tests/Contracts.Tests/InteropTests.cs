using AgentFlow.Contracts.Tests.Samples;
using AgentFlow.SourceGeneration;
using Google.Protobuf;
using Theirs = Interop.Everything.V1;

namespace AgentFlow.Contracts.Tests;

/// <summary>Google.Protobuf reads our bytes through the emitted <c>.proto</c>, and we read its bytes.</summary>
public sealed class InteropTests
{
    public static TheoryData<int> Seeds => new(Enumerable.Range(1000, 200));

    [Fact]
    public void The_proto_files_are_what_the_generator_emits()
    {
        foreach (MessageDescriptor descriptor in new MessageDescriptor[] { Scalars.AgentFlowDescriptor, Everything.AgentFlowDescriptor, DeployV2.AgentFlowDescriptor })
        {
            string file = $"{descriptor.Name.Replace('.', '-')}-v{descriptor.Version}.proto";
            using var reader = new StreamReader(typeof(InteropTests).Assembly.GetManifestResourceStream(file)!);
            Assert.Equal(descriptor.ProtoText, reader.ReadToEnd());
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Nothing_is_lost_on_the_way_through_the_other_implementation(int seed)
    {
        // The other implementation writes no -0, though the encoding guide tells it to.
        Everything value = new RandomValues(seed, negativeZero: 0).Next<Everything>();
        byte[] ours = Codec.ToBytes(Everything.AgentFlowCodec, value);
        Theirs.Everything read = Theirs.Everything.Parser.WithDiscardUnknownFields(true).ParseFrom(ours);
        Everything back = Codec.FromBytes(Everything.AgentFlowCodec, read.ToByteArray())!;
        Assert.Equal(Codec.ToJson(Everything.AgentFlowCodec, value), Codec.ToJson(Everything.AgentFlowCodec, back));
        Assert.Equal(ours, Codec.ToBytes(Everything.AgentFlowCodec, back));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Every_field_has_the_same_value_on_the_other_side(int seed)
    {
        Everything ours = new RandomValues(seed).Next<Everything>();
        Theirs.Everything theirs = Theirs.Everything.Parser.ParseFrom(Codec.ToBytes(Everything.AgentFlowCodec, ours));
        Assert.Equal(ours.Flag, theirs.Flag);
        Assert.Equal((ours.Tiny, ours.Short, ours.Int, ours.Long), (theirs.Tiny, theirs.Short, theirs.Int, theirs.Long));
        Assert.Equal((ours.Octet, ours.Unsigned, ours.UInt, ours.ULong, ours.Letter), (theirs.Octet, theirs.Unsigned, theirs.UInt, theirs.ULong, theirs.Letter));
        Assert.Equal((ours.Single, ours.Double, ours.Text), (theirs.Single, theirs.Double, theirs.Text));
        Assert.Equal(ours.Data, theirs.Data.ToByteArray());
        Assert.Equal(ours.Memory.ToArray(), theirs.Memory.ToByteArray());
        Assert.Equal(ours.Id, theirs.Id.Length == 0 ? Guid.Empty : new Guid(theirs.Id.Span, bigEndian: true));
        Assert.Equal(ours.Money, Money(theirs.Money));
        Assert.Equal(ours.At, At(theirs.At));
        Assert.Equal((ours.Day.DayNumber, ours.Time.Ticks, ours.Duration.Ticks, ours.Link.OriginalString), (theirs.Day, theirs.Time, theirs.Duration, theirs.Link));
        Assert.Equal(((int)ours.Level, (int)ours.Small), ((int)theirs.Level, (int)theirs.Small));
        Same(ours.Part, theirs.Part);
        Same(ours.Shape, theirs.Shape);
        Assert.Equal((ours.MaybeFlag, ours.MaybeInt, ours.MaybeText), (theirs.HasMaybeFlag ? theirs.MaybeFlag : null, theirs.HasMaybeInt ? theirs.MaybeInt : null, theirs.HasMaybeText ? theirs.MaybeText : null));
        Same(ours.MaybePart, theirs.MaybePart);
        Assert.Equal(ours.Ints, theirs.Ints);
        Assert.Equal(ours.Longs, theirs.Longs);
        Assert.Equal(ours.Doubles, theirs.Doubles);
        Assert.Equal(ours.Levels.Select(static l => (int)l), theirs.Levels.Select(static l => (int)l));
        Assert.Equal(ours.Texts, theirs.Texts);
        Assert.Equal(ours.Blobs, theirs.Blobs.Select(static b => b.ToByteArray()));
        Assert.Equal(ours.Times, theirs.Times.Select(At));
        Assert.Equal(ours.Shapes.Count, theirs.Shapes.Count);
        Assert.All(ours.Shapes.Zip(theirs.Shapes), static pair => Same(pair.First, pair.Second));
        Assert.Equal(ours.Counts.OrderBy(static p => p.Key, StringComparer.Ordinal), theirs.Counts.OrderBy(static p => p.Key, StringComparer.Ordinal));
        Assert.Equal(ours.Names.OrderBy(static p => p.Key), theirs.Names.OrderBy(static p => p.Key));
        Assert.All(ours.ShapesByNumber, pair => Same(pair.Value, theirs.ShapesByNumber[pair.Key]));
    }

    [Fact]
    public void Both_forms_of_a_repeated_number_are_read()
    {
        Scalars read = Codec.FromBytes(Scalars.AgentFlowCodec, Convert.FromHexString("e00102" + "e201020406" + "e00108"))!;
        Assert.Equal([1, 2, 3, 4], read.Ints);
    }

    [Fact]
    public void A_field_with_another_wire_type_counts_as_unknown_as_it_does_there()
    {
        byte[] bytes = Convert.FromHexString("0d01000000");
        Scalars read = Codec.FromBytes(Scalars.AgentFlowCodec, bytes)!;
        Assert.False(read.Flag);
        Assert.Equal(bytes, Codec.ToBytes(Scalars.AgentFlowCodec, read));
        Assert.False(Interop.Scalars.V1.Scalars.Parser.ParseFrom(bytes).Flag);
    }

    private static decimal Money(ByteString bytes) => bytes.Length == 0 ? 0 : new decimal(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, int>(bytes.Span));

    private static DateTimeOffset At(Theirs.DateTimeOffset? at) => at is null
        ? default
        : DateTimeOffset.UnixEpoch.AddTicks(at.Unix100Ns).ToOffset(TimeSpan.FromMinutes(at.OffsetMinutes));

    private static void Same(Part? ours, Theirs.Part? theirs)
    {
        Assert.Equal(ours is null, theirs is null);
        if (ours is null)
            return;
        Assert.Equal((ours.Name, ours.Count), (theirs!.Name, theirs.Count));
        Same(ours.Inner, theirs.Inner);
    }

    private static void Same(Shape ours, Theirs.Shape theirs)
    {
        if (ours is Circle circle)
            Assert.Equal((circle.Label, circle.Radius), (theirs.Circle.Label, theirs.Circle.Radius));
        else
            Assert.Equal((((Square)ours).Label, ((Square)ours).Side, (int)((Square)ours).Level), (theirs.Square.Label, theirs.Square.Side, (int)theirs.Square.Level));
    }
}
