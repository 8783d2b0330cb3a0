using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using AgentFlow.Protocol.Hub;

namespace AgentFlow.Host.Callers;

/// <summary>
/// Tokens, in base64url: version 1, day u32 of the secret, end i64 in Unix milliseconds, agent 32, device 32, tag 32. Nobody but hubs reads them.
/// </summary>
internal sealed class LoginTokens(DaySecrets secrets)
{
    private const byte Version = 1;
    private const int TaggedSize = 77;
    private const int Size = TaggedSize + DaySecrets.TagSize;

    /// <summary>How many characters a token has.</summary>
    public static int Length { get; } = Base64Url.GetEncodedLength(Size);

    public async ValueTask<string> MakeAsync(Caller caller, CancellationToken cancellationToken)
    {
        byte[] token = new byte[Size];
        int day = DaySecrets.DayOf(secrets.Now);
        token[0] = Version;
        BinaryPrimitives.WriteInt32BigEndian(token.AsSpan(1), day);
        BinaryPrimitives.WriteInt64BigEndian(token.AsSpan(5), caller.Until.ToUnixTimeMilliseconds());
        caller.Agent.Span.CopyTo(token.AsSpan(13));
        caller.Device.Span.CopyTo(token.AsSpan(45));
        byte[] tag = await secrets.SignAsync(day, Tagged(token), cancellationToken).ConfigureAwait(false);
        tag.CopyTo(token.AsSpan(TaggedSize));
        return Base64Url.EncodeToString(token);
    }

    /// <summary>Who a token speaks for, or null where no hub on this store made it or it has ended.</summary>
    public async ValueTask<Caller?> ReadAsync(string text, CancellationToken cancellationToken)
    {
        byte[] token = new byte[Size];
        bool isWhole = text.Length == Length && Base64Url.DecodeFromChars(text, token, out _, out int written) == OperationStatus.Done && written == Size;
        if (!isWhole || token[0] != Version)
            return null;
        int day = BinaryPrimitives.ReadInt32BigEndian(token.AsSpan(1));
        if (!await secrets.VerifyAsync(day, Tagged(token), token.AsMemory(TaggedSize), cancellationToken).ConfigureAwait(false))
            return null;
        var until = DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(token.AsSpan(5)));
        return secrets.Now < until ? new Caller(new AgentId(token.AsSpan(13, 32)), new Bytes32(token.AsSpan(45, 32)), until) : null;
    }

    private static byte[] Tagged(byte[] token) => [.. "AgentFlow token"u8, .. token.AsSpan(0, TaggedSize)];
}
