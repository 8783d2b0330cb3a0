using System.Numerics;

namespace AgentFlow.Protocol.Frames;

/// <summary>Padmé padding, which hides the length of a plaintext but for about its order of magnitude (at most 6.3 % more bytes).</summary>
/// <remarks>Reference: protocol.md 2.8. L counts from frameCount to 0x80 inclusive. All lengths up to 256 become 256.</remarks>
public static class Padding
{
    /// <summary>The byte that ends the frames; only zeros follow it.</summary>
    public const byte Marker = 0x80;

    /// <summary>The smallest padded length in bytes.</summary>
    public const int SmallestLength = 256;

    /// <summary>The largest padded length in bytes that fits an envelope of 256 KiB. Larger content is sent as an attachment.</summary>
    public const int LargestLength = 258_048;

    /// <summary>The padded length for a length.</summary>
    /// <param name="length">The length from frameCount to the marker, both included: 1 to <see cref="LargestLength"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is out of that range.</exception>
    public static int PaddedLength(int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, LargestLength);
        if (length <= SmallestLength)
            return SmallestLength;
        int exponent = BitOperations.Log2((uint)length);
        int lowBits = exponent - (BitOperations.Log2((uint)exponent) + 1);
        int mask = (1 << lowBits) - 1;
        return (length + mask) & ~mask;
    }
}
