using System.Text;

namespace AgentFlow.Runtime.Tests.Canary;

/// <summary>One way in which a secret may come to light.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Bytes">The secret in it.</param>
/// <param name="Window">How many of its bytes in a row count as found: at least 64 bits of the secret.</param>
internal sealed record CanaryForm(string Name, byte[] Bytes, int Window);

/// <summary>The forms: raw, hexadecimal, base64 and base64url at each alignment; each in ASCII and UTF-16; and all that of its text too.</summary>
internal static class CanaryForms
{
    public const int Narrow = 16;
    public const int Wide = 32;

    public static IEnumerable<CanaryForm> Of(Secret secret) =>
        Of("", secret.Bytes).Concat(Of("hex text, ", Encoding.ASCII.GetBytes(secret.Hex))).Concat(Of("base64 text, ", Encoding.ASCII.GetBytes(secret.Base64)));

    private static IEnumerable<CanaryForm> Of(string name, byte[] bytes)
    {
        yield return new CanaryForm(name + "raw", bytes, Narrow);
        foreach (var (form, text) in Texts(bytes))
        {
            yield return new CanaryForm(name + form, Encoding.ASCII.GetBytes(text), Narrow);
            yield return new CanaryForm($"{name}{form} in UTF-16LE", Encoding.Unicode.GetBytes(text), Wide);
            yield return new CanaryForm($"{name}{form} in UTF-16BE", Encoding.BigEndianUnicode.GetBytes(text), Wide);
        }

        // The text itself in UTF-16, where the bytes are a text.
        if (name.Length > 0)
        {
            yield return new CanaryForm(name + "UTF-16LE", Encoding.Unicode.GetBytes(Encoding.ASCII.GetString(bytes)), Wide);
            yield return new CanaryForm(name + "UTF-16BE", Encoding.BigEndianUnicode.GetBytes(Encoding.ASCII.GetString(bytes)), Wide);
        }
    }

    private static IEnumerable<(string Name, string Text)> Texts(byte[] bytes)
    {
        yield return ("hex", Convert.ToHexStringLower(bytes));
        yield return ("HEX", Convert.ToHexString(bytes));
        for (int skip = 0; skip < 3; skip++)
        {
            // What stands before the secret decides its alignment; the characters that it shares with its neighbours are cut off.
            string base64 = Convert.ToBase64String(bytes, skip, (bytes.Length - skip) / 3 * 3);
            yield return ($"base64+{skip}", base64);
            yield return ($"base64url+{skip}", base64.Replace('+', '-').Replace('/', '_'));
        }
    }
}
