using System.Security.Cryptography;
using System.Text;

namespace AgentFlow.Runtime.Tests.Canary;

/// <summary>The search is only worth what it finds: a planted control in every encoding, written by other code than that which looks for it.</summary>
public sealed class CanarySearchTests
{
    private readonly Secret _secret = new("control", RandomNumberGenerator.GetBytes(32));

    public static TheoryData<string> Encodings => [.. s_encodings.Keys];

    private static readonly Dictionary<string, Func<Secret, byte[]>> s_encodings = new()
    {
        ["raw"] = secret => secret.Bytes,
        ["half of it, raw"] = secret => secret.Bytes[..16],
        ["hex, lower"] = secret => Encoding.UTF8.GetBytes(Convert.ToHexStringLower(secret.Bytes)),
        ["hex, upper"] = secret => Encoding.UTF8.GetBytes(Convert.ToHexString(secret.Bytes)),
        ["hex of its hex"] = secret => Encoding.UTF8.GetBytes(Convert.ToHexString(Encoding.UTF8.GetBytes(secret.Hex))),
        ["base64"] = secret => Encoding.UTF8.GetBytes(Convert.ToBase64String(secret.Bytes)),
        ["base64 after one byte"] = secret => Encoding.UTF8.GetBytes(Convert.ToBase64String([1, .. secret.Bytes, 9])),
        ["base64 after two bytes"] = secret => Encoding.UTF8.GetBytes(Convert.ToBase64String([1, 2, .. secret.Bytes, 9])),
        ["base64 after three bytes"] = secret => Encoding.UTF8.GetBytes(Convert.ToBase64String([1, 2, 3, .. secret.Bytes, 9])),
        ["base64 of its hex"] = secret => Encoding.UTF8.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes("ab" + secret.Hex))),
        ["base64 of its base64"] = secret => Encoding.UTF8.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes("abc" + secret.Base64))),
        ["base64url"] = secret => Encoding.UTF8.GetBytes(System.Buffers.Text.Base64Url.EncodeToString([7, .. secret.Bytes])),
        ["hex in UTF-16LE"] = secret => Encoding.Unicode.GetBytes(secret.Hex),
        ["hex in UTF-16BE"] = secret => Encoding.BigEndianUnicode.GetBytes(secret.Hex),
        ["base64 in UTF-16LE"] = secret => Encoding.Unicode.GetBytes(secret.Base64),
        ["base64 in UTF-16BE"] = secret => Encoding.BigEndianUnicode.GetBytes(secret.Base64),
        ["a text cut after 20 characters"] = secret => Encoding.UTF8.GetBytes(secret.Hex[..20]),
    };

    [Theory]
    [MemberData(nameof(Encodings))]
    public void A_planted_control_is_found(string encoding)
    {
        byte[] planted = [.. RandomNumberGenerator.GetBytes(101), .. s_encodings[encoding](_secret), .. RandomNumberGenerator.GetBytes(99)];

        Assert.NotEmpty(new CanarySearch([_secret]).Find(planted));
    }

    [Fact]
    public void Other_random_bytes_are_not_found() =>
        Assert.Empty(new CanarySearch([_secret]).Find(RandomNumberGenerator.GetBytes(1 << 16)));
}
