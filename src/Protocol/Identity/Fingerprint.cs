namespace AgentFlow.Protocol.Identity;

/// <summary>What people compare instead of names: the first 20 bytes of an agent id as 8 groups of 4 characters.</summary>
/// <remarks>Crockford base32, upper case, most significant bit first, without I, L, O and U.</remarks>
public static class Fingerprint
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>The fingerprint of an agent, 39 characters.</summary>
    public static string Of(AgentId agent)
    {
        ReadOnlySpan<byte> bytes = agent.Span;
        Span<char> text = stackalloc char[39];
        int at = 0;
        for (int bit = 0; bit < 160; bit += 5)
        {
            if (bit > 0 && bit % 20 == 0)
                text[at++] = '-';
            int pair = (bytes[bit / 8] << 8) | bytes[(bit / 8) + 1];
            text[at++] = Alphabet[(pair >> (11 - (bit % 8))) & 31];
        }

        return new string(text);
    }
}
