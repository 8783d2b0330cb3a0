namespace AgentFlow.Generators.Contracts;

/// <summary>Which member names tell that the value is a secret.</summary>
internal static class SecretNames
{
    private static readonly string[] s_words =
    [
        "password", "passwd", "passphrase", "secret", "apikey", "accesskey", "privatekey", "signingkey", "credential", "connectionstring", "accesstoken", "refreshtoken", "bearertoken",
    ];

    public static bool LooksSecret(string name, ValueKind kind)
    {
        if (kind is not (ValueKind.String or ValueKind.Bytes or ValueKind.Memory))
            return false;
        string plain = name.Replace("_", "").ToLowerInvariant();
        return plain is "token" or "pin" || plain.EndsWith("token", StringComparison.Ordinal) || Array.Exists(s_words, word => plain.Contains(word));
    }
}
