namespace AgentFlow;

/// <summary>RFC 4648 base32 in lower case without padding: the text form of agent and thread ids.</summary>
/// <remarks>Reference: RFC 4648 section 6. Trailing bits must be zero, so that every value has one text form.</remarks>
internal static class Base32
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        Span<char> text = stackalloc char[(bytes.Length * 8 + 4) / 5];
        int buffer = 0, bits = 0, at = 0;
        foreach (byte b in bytes)
        {
            buffer = ((buffer << 8) | b) & 0xFFF;
            bits += 8;
            while (bits >= 5)
            {
                bits -= 5;
                text[at++] = Alphabet[(buffer >> bits) & 31];
            }
        }

        if (bits > 0)
            text[at++] = Alphabet[(buffer << (5 - bits)) & 31];
        return new string(text[..at]);
    }

    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> destination)
    {
        if (text.Length != (destination.Length * 8 + 4) / 5)
            return false;
        int buffer = 0, bits = 0, at = 0;
        foreach (char c in text)
        {
            int value = c switch
            {
                >= 'a' and <= 'z' => c - 'a',
                >= '2' and <= '7' => c - '2' + 26,
                _ => -1,
            };
            if (value < 0)
                return false;
            buffer = ((buffer << 5) | value) & 0xFFF;
            bits += 5;
            if (bits >= 8)
            {
                bits -= 8;
                destination[at++] = (byte)((buffer >> bits) & 0xFF);
            }
        }

        return at == destination.Length && (buffer & ((1 << bits) - 1)) == 0;
    }
}
