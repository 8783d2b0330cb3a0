using System.Security.Cryptography;
using AgentFlow.Host.Hosting;

namespace AgentFlow.Host.Callers;

/// <summary>
/// Authenticates what a hub has given out and gets back, under a secret of the day that all hubs on one store share. So no hub remembers what it gave out, and
/// nobody can make it remember too much.
/// </summary>
internal sealed class DaySecrets(HubSource source, TimeProvider clock)
{
    public const int TagSize = 32;

    /// <summary>How far the clocks of two hubs on one store may be apart.</summary>
    public static TimeSpan Skew { get; } = TimeSpan.FromSeconds(30);

    public DateTimeOffset Now => clock.GetUtcNow();

    public static int DayOf(DateTimeOffset time) => (int)(time - DateTimeOffset.UnixEpoch).TotalDays;

    /// <summary>The tag of bytes that are given out today.</summary>
    public async ValueTask<byte[]> SignAsync(int day, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var secret = await source.Authority.GetDaySecretAsync(day, isMade: true, cancellationToken).ConfigureAwait(false)
            ?? throw new HubException(Protocol.Hub.HubStatus.Unavailable, "The store did not keep the secret of the day.");
        return HMACSHA256.HashData(secret.Span, bytes.Span);
    }

    /// <summary>Whether a tag, or the start of one, is that of bytes that were given out on a day, which may be any number.</summary>
    public async ValueTask<bool> VerifyAsync(int day, ReadOnlyMemory<byte> bytes, ReadOnlyMemory<byte> tag, CancellationToken cancellationToken)
    {
        if (day < DayOf(Now) - 1 || day > DayOf(Now + Skew))
            return false;
        if (await source.Authority.GetDaySecretAsync(day, isMade: false, cancellationToken).ConfigureAwait(false) is not { } secret)
            return false;
        return CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(secret.Span, bytes.Span).AsSpan(0, tag.Length), tag.Span);
    }
}
