using System.Globalization;

namespace AgentFlow.Generators.Shared;

/// <summary>Durations as attributes write them: numbers with the units d, h, m, s and ms, largest first, each at most once: <c>30m</c>, <c>1h30m</c>, <c>7d</c>.</summary>
internal static class Durations
{
    private static readonly (string Unit, long Ticks)[] s_units =
    [
        ("d", TimeSpan.TicksPerDay), ("h", TimeSpan.TicksPerHour), ("m", TimeSpan.TicksPerMinute), ("s", TimeSpan.TicksPerSecond), ("ms", TimeSpan.TicksPerMillisecond),
    ];

    /// <summary>Reads a duration above zero and below 10,000 days.</summary>
    public static bool TryParse(string? text, out long ticks)
    {
        ticks = 0;
        int position = 0, unit = 0;
        while (text is not null && position < text.Length)
        {
            int digits = position;
            while (digits < text.Length && text[digits] is >= '0' and <= '9')
                digits++;
            int letters = digits;
            while (letters < text.Length && text[letters] is >= 'a' and <= 'z')
                letters++;
            if (digits == position || digits - position > 9)
                return false;
            string name = text.Substring(digits, letters - digits);
            while (unit < s_units.Length && s_units[unit].Unit != name)
                unit++;
            if (unit == s_units.Length)
                return false;
            ticks += long.Parse(text.Substring(position, digits - position), CultureInfo.InvariantCulture) * s_units[unit].Ticks;
            if (ticks > 10_000 * TimeSpan.TicksPerDay)
                return false;
            unit++;
            position = letters;
        }

        return ticks > 0;
    }

    /// <summary>Reads two durations, the first not above the second: <c>1s..1m</c>.</summary>
    public static bool TryParseRange(string? text, out long first, out long last)
    {
        last = first = 0;
        int dots = text?.IndexOf("..", StringComparison.Ordinal) ?? -1;
        return dots > 0 && TryParse(text!.Substring(0, dots), out first) && TryParse(text.Substring(dots + 2), out last) && first <= last;
    }
}
