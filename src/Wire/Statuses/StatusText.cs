using System.Buffers;
using System.Text;

namespace AgentFlow.Wire.Statuses;

/// <summary>The percent encoding of grpc-message: UTF-8, and every byte that is not printable ASCII, or is a percent sign, as %XX.</summary>
internal static class StatusText
{
    private static readonly SearchValues<char> s_plain = SearchValues.Create(
        " !\"#$&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    public static string Encode(string text)
    {
        if (!text.AsSpan().ContainsAnyExcept(s_plain))
            return text;
        var encoded = new StringBuilder(text.Length + 16);
        foreach (byte b in Encoding.UTF8.GetBytes(text))
        {
            if (b is >= 0x20 and <= 0x7E and not (byte)'%')
                encoded.Append((char)b);
            else
                encoded.Append('%').Append(b.ToString("X2", null));
        }

        return encoded.ToString();
    }

    /// <summary>Decodes leniently: what is no escape stands for itself, so that a broken sender still gets its message across.</summary>
    public static string Decode(string text)
    {
        if (!text.Contains('%'))
            return text;
        var bytes = new ArrayBufferWriter<byte>(text.Length);
        Span<byte> one = stackalloc byte[4];
        for (int i = 0; i < text.Length; i++)
        {
            bool isEscape = text[i] == '%' && i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]);
            if (isEscape)
            {
                one[0] = Convert.FromHexString(text.AsSpan(i + 1, 2))[0];
                bytes.Write(one[..1]);
                i += 2;
            }
            else
            {
                int length = Encoding.UTF8.GetBytes(text.AsSpan(i, 1), one);
                bytes.Write(one[..length]);
            }
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}
