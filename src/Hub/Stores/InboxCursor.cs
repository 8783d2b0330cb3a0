using System.Globalization;

namespace AgentFlow.Hub.Stores;

/// <summary>Where a page of an inbox ended: unread rows come by priority, time and number, read rows by number.</summary>
/// <param name="IsUnread">Whether unread rows are still being listed.</param>
/// <param name="Priority">The priority of the last row.</param>
/// <param name="Touched">The time of the last row.</param>
/// <param name="Number">The thread number of the last row.</param>
internal readonly record struct InboxCursor(bool IsUnread, long Priority, long Touched, long Number)
{
    public static InboxCursor Start { get; } = new(true, long.MaxValue, long.MinValue, 0);

    public static InboxCursor StartOfRead { get; } = new(false, 0, 0, 0);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(IsUnread ? 'u' : 'r')}.{Priority}.{Touched}.{Number}");

    /// <exception cref="ArgumentException">The text is no cursor of this store.</exception>
    public static InboxCursor Parse(string? text)
    {
        if (text is null)
            return Start;
        string[] parts = text.Split('.');
        if (parts is [("u" or "r"), _, _, _] && TryNumber(parts[1], out long priority) && TryNumber(parts[2], out long touched) && TryNumber(parts[3], out long number))
            return new InboxCursor(parts[0] == "u", priority, touched, number);
        throw new ArgumentException("The cursor does not come from this hub. Pass null for the first page.", nameof(text));
    }

    private static bool TryNumber(string text, out long value) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
}
