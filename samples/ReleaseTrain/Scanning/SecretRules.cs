using System.Text.RegularExpressions;
using AgentFlow;

namespace ReleaseTrain.Scanning;

/// <summary>A line that looks as if it held a secret, which is masked.</summary>
public sealed record SecretHit(string Rule, Risk Risk, string Masked);

/// <summary>Well-known key formats, and strings too random to be words.</summary>
public sealed partial class SecretRules
{
    private const double SuspiciousBitsPerCharacter = 4.3;

    private static readonly (string Rule, Risk Risk, Regex Pattern)[] s_formats =
    [
        ("private-key", Risk.Critical, PrivateKey()),
        ("aws-access-key", Risk.Critical, AwsAccessKey()),
        ("github-token", Risk.Critical, GitHubToken()),
        ("slack-token", Risk.High, SlackToken()),
        ("json-web-token", Risk.High, JsonWebToken()),
        ("password-in-connection-string", Risk.High, ConnectionStringPassword()),
    ];

    /// <summary>Inspects one line of text.</summary>
    public IEnumerable<SecretHit> Inspect(string line)
    {
        bool known = false;
        foreach (var (rule, risk, pattern) in s_formats)
        {
            if (pattern.Match(line) is { Success: true } match)
            {
                known = true;
                yield return new SecretHit(rule, risk, Mask(match.Value));
            }
        }

        if (known)
            yield break;
        foreach (Match match in QuotedToken().Matches(line))
        {
            string token = match.Groups[1].Value;
            if (Entropy(token) >= SuspiciousBitsPerCharacter && token.Any(char.IsAsciiDigit) && token.Any(char.IsAsciiLetterUpper) && token.Any(char.IsAsciiLetterLower))
                yield return new SecretHit("high-entropy-string", Risk.Medium, Mask(token));
        }
    }

    /// <summary>Shannon entropy, in bits a character.</summary>
    public static double Entropy(string text) =>
        -text.GroupBy(c => c).Select(group => (double)group.Count() / text.Length).Sum(share => share * Math.Log2(share));

    private static string Mask(string secret) => $"{secret[..Math.Min(4, secret.Length / 4)]}… ({secret.Length} characters)";

    [GeneratedRegex("-----BEGIN [A-Z ]*PRIVATE KEY-----")]
    private static partial Regex PrivateKey();

    [GeneratedRegex(@"\b(AKIA|ASIA)[0-9A-Z]{16}\b")]
    private static partial Regex AwsAccessKey();

    [GeneratedRegex(@"\b(gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{50,})\b")]
    private static partial Regex GitHubToken();

    [GeneratedRegex(@"\bxox[abeoprs]-[A-Za-z0-9-]{10,}")]
    private static partial Regex SlackToken();

    [GeneratedRegex(@"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}")]
    private static partial Regex JsonWebToken();

    [GeneratedRegex(@"(?i)\b(password|pwd)\s*=\s*[^;""'\s{<]{4,}")]
    private static partial Regex ConnectionStringPassword();

    [GeneratedRegex(@"[""']([A-Za-z0-9+/_=-]{32,})[""']")]
    private static partial Regex QuotedToken();
}
