using System.Globalization;

namespace AgentFlow.HubServer.Settings;

/// <summary>Durations as people write them: a number and one of ms, s, m, h, d.</summary>
internal static class DurationText
{
    private static readonly (string Unit, TimeSpan Length)[] s_units =
    [
        ("ms", TimeSpan.FromMilliseconds(1)), ("s", TimeSpan.FromSeconds(1)), ("m", TimeSpan.FromMinutes(1)), ("h", TimeSpan.FromHours(1)),
        ("d", TimeSpan.FromDays(1)),
    ];

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        foreach (var (unit, length) in s_units)
        {
            // A year in days has three digits; five keep every product far below the longest time span.
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && text.Length - unit.Length <= 5
                && int.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int count))
            {
                duration = count * length;
                return true;
            }
        }

        return false;
    }
}
