using System.Buffers.Binary;
using System.Security.Cryptography;
using AgentFlow.Host.Hosting;
using AgentFlow.Protocol.Hub;
using AgentFlow.Protocol.Identity;

namespace AgentFlow.Host.Callers;

/// <summary>
/// Challenges: the time u32, 12 random bytes, 16 bytes of a tag over both. None is remembered until it was used, by a login that was right in all else; the
/// store then refuses it at every hub until it is too old anyway.
/// </summary>
internal sealed class LoginChallenges(DaySecrets secrets, HubSource source)
{
    private const int TaggedSize = 16;
    private static readonly TimeSpan s_lifetime = TimeSpan.FromSeconds(60);

    public async ValueTask<byte[]> MakeAsync(CancellationToken cancellationToken)
    {
        var now = secrets.Now;
        byte[] challenge = new byte[HubLogin.ChallengeSize];
        BinaryPrimitives.WriteUInt32BigEndian(challenge, (uint)now.ToUnixTimeSeconds());
        RandomNumberGenerator.Fill(challenge.AsSpan(4, TaggedSize - 4));
        byte[] tag = await secrets.SignAsync(DaySecrets.DayOf(now), Tagged(challenge), cancellationToken).ConfigureAwait(false);
        tag.AsSpan(0, challenge.Length - TaggedSize).CopyTo(challenge.AsSpan(TaggedSize));
        return challenge;
    }

    /// <summary>Whether a hub on this store gave it out not long ago.</summary>
    public ValueTask<bool> IsFreshAsync(ReadOnlyMemory<byte> challenge, CancellationToken cancellationToken)
    {
        if (challenge.Length != HubLogin.ChallengeSize)
            return ValueTask.FromResult(false);
        var time = TimeOf(challenge);
        bool isInTime = time <= secrets.Now + DaySecrets.Skew && secrets.Now < time + s_lifetime;
        return isInTime
            ? secrets.VerifyAsync(DaySecrets.DayOf(time), Tagged(challenge), challenge[TaggedSize..], cancellationToken)
            : ValueTask.FromResult(false);
    }

    /// <summary>Ok for the first use, Conflict for each later one.</summary>
    public ValueTask<HubStatus> UseAsync(ReadOnlyMemory<byte> challenge, CancellationToken cancellationToken) =>
        source.Authority.UseChallengeAsync(challenge, s_lifetime + (2 * DaySecrets.Skew), cancellationToken);

    private static DateTimeOffset TimeOf(ReadOnlyMemory<byte> challenge) =>
        DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadUInt32BigEndian(challenge.Span));

    private static byte[] Tagged(ReadOnlyMemory<byte> challenge) => [.. "AgentFlow challenge"u8, .. challenge.Span[..TaggedSize]];
}
