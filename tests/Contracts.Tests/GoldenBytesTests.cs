using AgentFlow.Contracts.Tests.Samples;

namespace AgentFlow.Contracts.Tests;

/// <summary>The bytes of every wire type. They are the format: never edit one.</summary>
public sealed class GoldenBytesTests
{
    public static TheoryData<string, Scalars, string> Vectors => new()
    {
        { "defaults", new Scalars(), "" },
        { "bool", new Scalars { Flag = true }, "0801" },
        { "sbyte", new Scalars { Tiny = -1 }, "1001" },
        { "byte", new Scalars { Octet = 255 }, "18ff01" },
        { "short", new Scalars { Short = short.MinValue }, "20ffff03" },
        { "ushort", new Scalars { Unsigned = 300 }, "28ac02" },
        { "int", new Scalars { Int = 1 }, "3002" },
        { "int min", new Scalars { Int = int.MinValue }, "30ffffffff0f" },
        { "uint", new Scalars { UInt = uint.MaxValue }, "38ffffffff0f" },
        { "long min", new Scalars { Long = long.MinValue }, "40ffffffffffffffffff01" },
        { "ulong max", new Scalars { ULong = ulong.MaxValue }, "48ffffffffffffffffff01" },
        { "char", new Scalars { Letter = 'ß' }, "50df01" },
        { "float", new Scalars { Single = 1.5f }, "5d0000c03f" },
        { "float -0", new Scalars { Single = -0f }, "5d00000080" },
        { "double", new Scalars { Double = -2 }, "6100000000000000c0" },
        { "decimal", new Scalars { Money = -1.10m }, "6a106e000000000000000000000000000280" },
        { "decimal 0.0", new Scalars { Money = 0.0m }, "6a1000000000000000000000000000000100" },
        { "string", new Scalars { Text = "aß" }, "720361c39f" },
        { "bytes", new Scalars { Data = [0, 255] }, "7a0200ff" },
        { "memory", new Scalars { Memory = new byte[] { 7 } }, "82010107" },
        { "guid", new Scalars { Id = new Guid("00112233-4455-6677-8899-aabbccddeeff") }, "8a011000112233445566778899aabbccddeeff" },
        { "instant 1970", new Scalars { At = DateTimeOffset.UnixEpoch }, "920100" },
        { "instant", new Scalars { At = new DateTimeOffset(1970, 1, 1, 1, 0, 0, TimeSpan.FromHours(1)).AddTicks(1) }, "92010408021078" },
        { "date", new Scalars { Day = new DateOnly(1, 1, 2) }, "980102" },
        { "time", new Scalars { Time = new TimeOnly(3) }, "a00106" },
        { "duration", new Scalars { Duration = new TimeSpan(-3) }, "a80105" },
        { "uri", new Scalars { Link = new Uri("a", UriKind.Relative) }, "b2010161" },
        { "enum", new Scalars { Level = Level.High }, "b80107" },
        { "enum negative", new Scalars { Level = Level.Below }, "b801feffffffffffffffff01" },
        { "enum unknown", new Scalars { Level = (Level)99 }, "b80163" },
        { "enum byte", new Scalars { Small = Small.Last }, "c001ff01" },
        { "nullable 0", new Scalars { MaybeInt = 0 }, "c80100" },
        { "nullable empty", new Scalars { MaybeText = "" }, "d20100" },
        { "message", new Scalars { MaybePart = new Part("p", 0, new Part("", 0, null)) }, "da01050a01701a00" },
        { "packed", new Scalars { Ints = [0, -1, 64] }, "e2010400018001" },
        { "repeated", new Scalars { Texts = ["", "a"] }, "ea0100ea010161" },
        { "map", new Scalars { Counts = new() { ["k"] = 0 } }, "f201050a016b1000" },
    };

    [Theory]
    [MemberData(nameof(Vectors))]
    public void A_value_has_these_bytes_and_comes_back_from_them(string name, Scalars value, string hex)
    {
        _ = name;
        Assert.Equal(hex, Convert.ToHexStringLower(Codec.ToBytes(Scalars.AgentFlowCodec, value)));
        Scalars read = Codec.FromBytes(Scalars.AgentFlowCodec, Convert.FromHexString(hex))!;
        Assert.Equal(Codec.ToJson(Scalars.AgentFlowCodec, value), Codec.ToJson(Scalars.AgentFlowCodec, read));
    }

    [Theory]
    [InlineData(127, "7f")]
    [InlineData(128, "8001")]
    [InlineData(16_384, "808001")]
    public void A_nested_message_has_a_minimal_length(int length, string lengthHex)
    {
        string name = new('x', length - (length < 130 ? 2 : 3));
        byte[] bytes = Codec.ToBytes(Scalars.AgentFlowCodec, new Scalars { MaybePart = new Part(name, 0, null) });
        Assert.StartsWith("da01" + lengthHex, Convert.ToHexStringLower(bytes), StringComparison.Ordinal);
        Assert.Equal(name, Codec.FromBytes(Scalars.AgentFlowCodec, bytes)!.MaybePart!.Name);
    }

    [Fact]
    public void A_case_is_a_field_of_its_hierarchy() =>
        Assert.Equal("22050a01614802", Convert.ToHexStringLower(Codec.ToBytes(Shape.AgentFlowCodec, new Square("a", 1, Level.None))));
}
