using System.Buffers.Binary;

namespace AgentFlow.Protocol.Codec;

/// <summary>The encodings of .NET types that protobuf does not have. Called by generated code.</summary>
/// <remarks>
/// <see cref="Guid"/>: 16 bytes, big-endian. <see cref="decimal"/>: 16 bytes, the four numbers of <see cref="decimal.GetBits(decimal)"/> little-endian.
/// <see cref="DateTimeOffset"/>: a message of {1: sint64 100 ns since 1970 UTC, 2: sint32 offset in minutes}. <see cref="DateOnly"/>: sint32 day number.
/// <see cref="TimeOnly"/>, <see cref="TimeSpan"/>: sint64 ticks. <see cref="Uri"/>: its original string.
/// </remarks>
public static class WireTypes
{
    private const uint InstantTag = 1 << 3;
    private const uint OffsetTag = 2 << 3;

    /// <summary>Writes 16 bytes with their length.</summary>
    public static void WriteGuid(this in ProtobufWriter writer, Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        writer.WriteBytes(bytes);
    }

    /// <summary>Reads 16 bytes with their length.</summary>
    public static Guid ReadGuid(this ref ProtobufReader reader)
    {
        ReadOnlySpan<byte> bytes = reader.ReadSpan();
        if (bytes.Length == 16)
            return new Guid(bytes, bigEndian: true);
        reader.Fail();
        return default;
    }

    /// <summary>Writes 16 bytes with their length.</summary>
    public static void WriteDecimal(this in ProtobufWriter writer, decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        Span<byte> bytes = stackalloc byte[16];
        for (int i = 0; i < 4; i++)
            BinaryPrimitives.WriteInt32LittleEndian(bytes[(4 * i)..], bits[i]);
        writer.WriteBytes(bytes);
    }

    /// <summary>Reads 16 bytes with their length; bits that no decimal has are refused.</summary>
    public static decimal ReadDecimal(this ref ProtobufReader reader)
    {
        ReadOnlySpan<byte> bytes = reader.ReadSpan();
        int flags = bytes.Length == 16 ? BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]) : -1;
        if ((flags & 0x7F00FFFF) != 0 || ((flags >> 16) & 0xFF) > 28)
        {
            reader.Fail();
            return default;
        }

        return new decimal(
            BinaryPrimitives.ReadInt32LittleEndian(bytes), BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]), BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]),
            isNegative: flags < 0, (byte)(flags >> 16 & 0xFF));
    }

    /// <summary>Whether all bits are zero, which is what an absent field stands for; 0.00 has others.</summary>
    public static bool IsDefault(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        return (bits[0] | bits[1] | bits[2] | bits[3]) == 0;
    }

    /// <summary>Whether instant and offset are zero, which is what an absent field stands for.</summary>
    public static bool IsDefault(DateTimeOffset value) => value.EqualsExact(default);

    /// <summary>Writes the message of an instant with its length.</summary>
    public static void WriteDateTimeOffset(this in ProtobufWriter writer, DateTimeOffset value)
    {
        int start = writer.BeginLength();
        long instant = value.UtcTicks - DateTime.UnixEpoch.Ticks;
        if (instant != 0)
        {
            writer.WriteTag(InstantTag);
            writer.WriteSInt64(instant);
        }

        if (value.TotalOffsetMinutes != 0)
        {
            writer.WriteTag(OffsetTag);
            writer.WriteSInt32(value.TotalOffsetMinutes);
        }

        writer.EndLength(start);
    }

    /// <summary>Reads the message of an instant with its length.</summary>
    public static DateTimeOffset ReadDateTimeOffset(this ref ProtobufReader reader)
    {
        long instant = 0;
        int minutes = 0;
        int end = reader.BeginMessage();
        for (uint tag; (tag = reader.ReadTag()) != 0;)
        {
            switch (tag)
            {
                case InstantTag:
                    instant = reader.ReadSInt64();
                    break;
                case OffsetTag:
                    minutes = reader.ReadSInt32();
                    break;
                default:
                    // There is no room to keep it in a DateTimeOffset.
                    reader.Fail();
                    break;
            }
        }

        reader.EndMessage(end);
        Int128 utc = (Int128)instant + DateTime.UnixEpoch.Ticks;
        Int128 local = utc + ((Int128)minutes * TimeSpan.TicksPerMinute);
        if (!reader.Failed && minutes is >= -840 and <= 840 && IsDate(utc) && IsDate(local))
            return new DateTimeOffset((long)local, new TimeSpan(minutes * TimeSpan.TicksPerMinute));
        reader.Fail();
        return default;
    }

    /// <summary>Writes the day number.</summary>
    public static void WriteDateOnly(this in ProtobufWriter writer, DateOnly value) => writer.WriteSInt32(value.DayNumber);

    /// <summary>Reads a day number, 0 to 3,652,058.</summary>
    public static DateOnly ReadDateOnly(this ref ProtobufReader reader)
    {
        int day = reader.ReadSInt32();
        if (day >= 0 && day <= DateOnly.MaxValue.DayNumber)
            return DateOnly.FromDayNumber(day);
        reader.Fail();
        return default;
    }

    /// <summary>Writes the ticks since midnight.</summary>
    public static void WriteTimeOnly(this in ProtobufWriter writer, TimeOnly value) => writer.WriteSInt64(value.Ticks);

    /// <summary>Reads the ticks since midnight.</summary>
    public static TimeOnly ReadTimeOnly(this ref ProtobufReader reader)
    {
        long ticks = reader.ReadSInt64();
        if (ticks is >= 0 and < TimeSpan.TicksPerDay)
            return new TimeOnly(ticks);
        reader.Fail();
        return default;
    }

    /// <summary>Writes the ticks.</summary>
    public static void WriteTimeSpan(this in ProtobufWriter writer, TimeSpan value) => writer.WriteSInt64(value.Ticks);

    /// <summary>Reads the ticks.</summary>
    public static TimeSpan ReadTimeSpan(this ref ProtobufReader reader) => new(reader.ReadSInt64());

    /// <summary>Writes the text that the URI was made from.</summary>
    public static void WriteUri(this in ProtobufWriter writer, Uri value) => writer.WriteString(value.OriginalString);

    /// <summary>Reads an absolute or relative URI.</summary>
    public static Uri ReadUri(this ref ProtobufReader reader)
    {
        if (Uri.TryCreate(reader.ReadString(), UriKind.RelativeOrAbsolute, out Uri? uri))
            return uri;
        reader.Fail();
        return EmptyUri;
    }

    /// <summary>What an absent URI stands for: the empty relative one.</summary>
    public static Uri EmptyUri { get; } = new("", UriKind.Relative);

    /// <summary>The keys of a map in ascending order, so that equal maps give equal bytes.</summary>
    public static TKey[] SortedKeys<TKey, TValue>(IReadOnlyDictionary<TKey, TValue> map)
        where TKey : notnull
    {
        TKey[] keys = new TKey[map.Count];
        int index = 0;
        foreach (TKey key in map.Keys)
            keys[index++] = key;
        if (keys is string[] texts)
            Array.Sort(texts, StringComparer.Ordinal);
        else
            Array.Sort(keys);
        return keys;
    }

    private static bool IsDate(Int128 ticks) => ticks >= DateTime.MinValue.Ticks && ticks <= DateTime.MaxValue.Ticks;
}
