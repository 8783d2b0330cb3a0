using System.Globalization;

namespace AgentFlow.Wire.Headers;

/// <summary>The value of grpc-timeout: up to eight digits and a unit, one of H, M, S, m, u, n.</summary>
internal static class GrpcTimeout
{
    private const int MaxDigits = 8;
    private const long MaxValue = 99_999_999;
    private static readonly (char Unit, long Nanoseconds)[] s_units =
        [('n', 1), ('u', 1_000), ('m', 1_000_000), ('S', 1_000_000_000), ('M', 60_000_000_000), ('H', 3_600_000_000_000)];

    /// <summary>The longest that a timer can wait; a longer deadline is none.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromDays(24);

    /// <summary>The finest unit in which the value has at most eight digits, rounded up, so that a deadline is never earlier than asked for.</summary>
    public static string Format(TimeSpan timeout)
    {
        Int128 nanoseconds = timeout <= TimeSpan.Zero ? 0 : (Int128)timeout.Ticks * TimeSpan.NanosecondsPerTick;
        foreach (var (unit, size) in s_units)
        {
            var value = (nanoseconds + size - 1) / size;
            if (value <= MaxValue)
                return string.Create(CultureInfo.InvariantCulture, $"{(long)value}{unit}");
        }

        return string.Create(CultureInfo.InvariantCulture, $"{MaxValue}H");
    }

    /// <summary>Reads a timeout, cut off at <see cref="Longest"/>.</summary>
    public static bool TryParse(string text, out TimeSpan timeout)
    {
        timeout = default;
        if (text.Length is < 2 or > MaxDigits + 1 || text.AsSpan(0, text.Length - 1).ContainsAnyExceptInRange('0', '9'))
            return false;
        int unit = Array.FindIndex(s_units, row => row.Unit == text[^1]);
        if (unit < 0)
            return false;
        var nanoseconds = (Int128)long.Parse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture) * s_units[unit].Nanoseconds;
        var ticks = (nanoseconds + TimeSpan.NanosecondsPerTick - 1) / TimeSpan.NanosecondsPerTick;
        timeout = ticks > Longest.Ticks ? Longest : new TimeSpan((long)ticks);
        return true;
    }
}
