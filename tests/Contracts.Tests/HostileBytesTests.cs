using AgentFlow.Contracts.Tests.Samples;
using AgentFlow.Protocol.Codec;

namespace AgentFlow.Contracts.Tests;

/// <summary>No bytes make the reader throw, hang or allocate what they only declare.</summary>
public sealed class HostileBytesTests
{
    public static TheoryData<int> Seeds => new(Enumerable.Range(2000, 100));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Damaged_bytes_are_refused_or_read_but_never_throw(int seed)
    {
        var random = new Random(seed);
        byte[] bytes = Codec.ToBytes(Everything.AgentFlowCodec, new RandomValues(seed).Next<Everything>());
        for (int i = 0; i < 200; i++)
        {
            byte[] damaged = [.. bytes];
            for (int flips = random.Next(1, 5); flips > 0 && damaged.Length > 0; flips--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            Everything? read = Codec.FromBytes(Everything.AgentFlowCodec, damaged.AsSpan(0, random.Next(2) == 0 ? damaged.Length : random.Next(damaged.Length)));
            if (read is not null)
            {
                byte[] again = Codec.ToBytes(Everything.AgentFlowCodec, read);
                Assert.Equal(again, Codec.ToBytes(Everything.AgentFlowCodec, Codec.FromBytes(Everything.AgentFlowCodec, again)!));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Noise_never_throws(int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < 500; i++)
        {
            byte[] noise = new byte[random.Next(64)];
            random.NextBytes(noise);
            Codec.FromBytes(Scalars.AgentFlowCodec, noise);
            Codec.FromBytes(Shape.AgentFlowCodec, noise);
        }
    }

    [Fact]
    public void Every_truncation_within_a_field_is_refused()
    {
        byte[] bytes = Codec.ToBytes(Scalars.AgentFlowCodec, new Scalars { Text = "text", MaybePart = new Part("p", 300, null), At = DateTimeOffset.MaxValue });
        for (int length = 0; length < bytes.Length; length++)
        {
            if (Codec.FromBytes(Scalars.AgentFlowCodec, bytes.AsSpan(0, length)) is { } read)
                Assert.Equal(length, Codec.ToBytes(Scalars.AgentFlowCodec, read).Length);
        }
    }

    [Theory]
    [InlineData("7affffffff07", "a length beyond the end")]
    [InlineData("7affffffffffffffffff01", "a length of 64 bits")]
    [InlineData("72028080", "a text that is no UTF-8")]
    [InlineData("7202c080", "an overlong UTF-8 sequence")]
    [InlineData("7203eda080", "half a surrogate pair in UTF-8")]
    [InlineData("08ffffffffffffffffff7f", "a varint of more than 64 bits")]
    [InlineData("08ffffffffffffffffffff01", "a varint of eleven bytes")]
    [InlineData("188002", "a byte of 256")]
    [InlineData("10ff03", "an sbyte of -256")]
    [InlineData("30ffffffffff01", "an int of 41 bits")]
    [InlineData("c0018002", "an enum of a byte of 256")]
    [InlineData("b80180808080808001", "an enum of 64 bits")]
    [InlineData("6a0100", "a decimal of one byte")]
    [InlineData("6a1000000000000000000000000000001d00", "a decimal with scale 29")]
    [InlineData("6a1000000000000000000000000001000000", "a decimal with reserved bits")]
    [InlineData("8a010100", "a UUID of one byte")]
    [InlineData("92010310c20d", "an offset of more than 14 hours")]
    [InlineData("92010a08feffffffffffffff7f", "an instant after the year 9999")]
    [InlineData("980101", "a negative day")]
    [InlineData("a00101", "a negative time")]
    [InlineData("0b0c", "a group")]
    [InlineData("00", "field 0")]
    [InlineData("07", "wire type 7")]
    [InlineData("e2010180", "a packed value that ends within a varint")]
    public void Malformed_bytes_are_refused(string hex, string what)
    {
        _ = what;
        Assert.Null(Codec.FromBytes(Scalars.AgentFlowCodec, Convert.FromHexString(hex)));
    }

    [Fact]
    public void A_hierarchy_without_a_case_that_is_known_is_refused()
    {
        Assert.Null(Codec.FromBytes(Shape.AgentFlowCodec, []));
        Assert.Null(Codec.FromBytes(Shape.AgentFlowCodec, Convert.FromHexString("1a00")));
    }

    [Theory]
    [InlineData(20, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    [InlineData(100_000, false)]
    public void Nesting_is_bounded(int depth, bool isRead)
    {
        byte[] bytes = [];
        using var buffer = new Protocol.Buffers.PooledBuffer(4096, 8 << 20);
        if (depth <= 65)
        {
            Part part = new("", 0, null);
            for (int i = 0; i < depth; i++)
                part = new Part("", 0, part);
            bytes = Codec.ToBytes(Part.AgentFlowCodec, part);
        }
        else
        {
            var writer = new ProtobufWriter(buffer);
            for (int i = 0; i < depth; i++)
            {
                writer.WriteTag(26);
                writer.WriteUInt32((uint)(depth - i) * 4);
            }

            bytes = buffer.WrittenSpan.ToArray();
        }

        Assert.Equal(isRead, Codec.FromBytes(Part.AgentFlowCodec, bytes) is not null);
    }

    [Fact]
    public void The_number_of_objects_is_bounded()
    {
        byte[] many = [.. Enumerable.Repeat(new byte[] { 0xea, 0x01, 0x00 }, ProtobufReader.MaximumElements).SelectMany(static b => b)];
        Assert.Equal(ProtobufReader.MaximumElements, Codec.FromBytes(Scalars.AgentFlowCodec, many)!.Texts.Count);
        Assert.Null(Codec.FromBytes(Scalars.AgentFlowCodec, [.. many, 0xea, 0x01, 0x00]));
    }

    [Fact]
    public void A_declared_length_allocates_nothing()
    {
        byte[] bytes = Convert.FromHexString("7affffff7f00");
        Codec.FromBytes(Scalars.AgentFlowCodec, bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        var reader = new ProtobufReader(bytes);
        Scalars? read = Scalars.AgentFlowCodec.ReadProtobuf(ref reader);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Null(read);
        Assert.Equal(0, allocated);
    }
}
