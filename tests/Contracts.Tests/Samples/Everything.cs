using System.Collections.Immutable;

namespace AgentFlow.Contracts.Tests.Samples;

/// <summary>An enum with a negative value, a hole and an alias.</summary>
public enum Level
{
    None = 0,
    Low = 1,
    Least = 1,
    High = 7,
    Below = -2,
}

/// <summary>An enum whose zero has no name, in one byte.</summary>
public enum Small : byte
{
    One = 1,
    Last = 255,
}

[Payload]
public sealed partial record Part(string Name, int Count, Part? Inner);

[Payload]
[Case(1, typeof(Circle))]
[Case(4, typeof(Square))]
public abstract partial record Shape(string Label);

[Payload]
public sealed partial record Circle(string Label, double Radius) : Shape(Label);

[Payload]
public sealed partial record Square(string Label, [Field(9)] long Side, Level Level) : Shape(Label);

/// <summary>Every single value, none of which is required: an instance of defaults has no bytes.</summary>
[Message("interop.scalars")]
public sealed partial record Scalars
{
    public bool Flag { get; init; }
    public sbyte Tiny { get; init; }
    public byte Octet { get; init; }
    public short Short { get; init; }
    public ushort Unsigned { get; init; }
    public int Int { get; init; }
    public uint UInt { get; init; }
    public long Long { get; init; }
    public ulong ULong { get; init; }
    public char Letter { get; init; }
    public float Single { get; init; }
    public double Double { get; init; }
    public decimal Money { get; init; }
    public string Text { get; init; } = "";
    public byte[] Data { get; init; } = [];
    public ReadOnlyMemory<byte> Memory { get; init; }
    public Guid Id { get; init; }
    public DateTimeOffset At { get; init; }
    public DateOnly Day { get; init; }
    public TimeOnly Time { get; init; }
    public TimeSpan Duration { get; init; }
    public Uri Link { get; init; } = new("", UriKind.Relative);
    public Level Level { get; init; }
    public Small Small { get; init; }
    public int? MaybeInt { get; init; }
    public string? MaybeText { get; init; }
    public Part? MaybePart { get; init; }
    public int[] Ints { get; init; } = [];
    public List<string> Texts { get; init; } = [];
    public Dictionary<string, int> Counts { get; init; } = [];
}

[Message("interop.everything")]
public sealed partial record Everything(
    bool Flag, sbyte Tiny, byte Octet, short Short, ushort Unsigned, int Int, uint UInt, long Long, ulong ULong, char Letter, float Single, double Double, decimal Money, string Text,
    byte[] Data, ReadOnlyMemory<byte> Memory, Guid Id, DateTimeOffset At, DateOnly Day, TimeOnly Time, TimeSpan Duration, Uri Link, Level Level, Small Small, Part Part, Shape Shape,
    bool? MaybeFlag, sbyte? MaybeTiny, int? MaybeInt, ulong? MaybeULong, char? MaybeLetter, float? MaybeSingle, double? MaybeDouble, decimal? MaybeMoney, string? MaybeText, byte[]? MaybeData,
    ReadOnlyMemory<byte>? MaybeMemory, Guid? MaybeId, DateTimeOffset? MaybeAt, DateOnly? MaybeDay, TimeOnly? MaybeTime, TimeSpan? MaybeDuration, Uri? MaybeLink, Level? MaybeLevel, Part? MaybePart,
    Shape? MaybeShape)
{
    public bool[] Flags { get; init; } = [];
    public required int[] Ints { get; init; }
    public List<long> Longs { get; init; } = [];
    public ImmutableArray<double> Doubles { get; init; } = [];
    public float[] Singles { get; init; } = [];
    public IReadOnlyList<Level> Levels { get; init; } = [];
    public char[] Letters { get; init; } = [];
    public List<string> Texts { get; init; } = [];
    public List<byte[]> Blobs { get; init; } = [];
    public Guid[] Ids { get; init; } = [];
    public ImmutableArray<decimal> Amounts { get; init; } = [];
    public DateTimeOffset[] Times { get; init; } = [];
    public TimeSpan[] Durations { get; init; } = [];
    public Uri[] Links { get; init; } = [];
    public IReadOnlyCollection<Part> Parts { get; init; } = [];
    public List<Shape> Shapes { get; init; } = [];
    public Dictionary<string, int> Counts { get; init; } = [];
    public Dictionary<int, string> Names { get; init; } = [];
    public IReadOnlyDictionary<string, Part> PartsByName { get; init; } = new Dictionary<string, Part>();
    public Dictionary<int, Shape> ShapesByNumber { get; init; } = [];
    public Dictionary<string, Level> LevelsByName { get; init; } = [];
    public Dictionary<string, DateTimeOffset> TimesByName { get; init; } = [];
    public int[]? MaybeInts { get; init; }
    public ImmutableArray<string>? MaybeTexts { get; init; }
    public Dictionary<string, Guid>? MaybeMap { get; init; }
}
