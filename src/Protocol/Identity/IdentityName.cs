using System.Text;
using System.Text.Unicode;

namespace AgentFlow.Protocol.Identity;

/// <summary>The name in a genesis entry: UTF-8 without BOM, at most 255 bytes. A hint for people; only the agent id identifies.</summary>
internal static class IdentityName
{
    public const int MaximumSize = 255;

    /// <summary>Whether foreign bytes are a name that AF1 accepts.</summary>
    public static bool IsWellFormed(ReadOnlySpan<byte> name) => Utf8.IsValid(name) && !name.StartsWith("\uFEFF"u8);

    /// <summary>Encodes an own name, which must also fit into an address.</summary>
    /// <exception cref="ArgumentException">It is empty, too long, or has a character that an address cannot hold.</exception>
    public static byte[] Encode(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (name.AsSpan().ContainsAny("@/ ") || name.Any(char.IsControl))
            throw new ArgumentException(
                $"The name '{name}' has a character that an address cannot hold: leave out @, /, spaces and control characters.", nameof(name));
        byte[] bytes = new UTF8Encoding(false, throwOnInvalidBytes: true).GetBytes(name);
        if (bytes.Length > MaximumSize)
            throw new ArgumentException($"A name has at most {MaximumSize} bytes.", nameof(name));
        return IsWellFormed(bytes) ? bytes : throw new ArgumentException("A name has no byte order mark.", nameof(name));
    }
}
