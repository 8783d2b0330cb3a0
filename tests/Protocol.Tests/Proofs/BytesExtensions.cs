namespace AgentFlow.Protocol.Tests.Proofs;

internal static class BytesExtensions
{
    /// <summary>Flips a bit of the byte at an offset of the one place where a piece stands.</summary>
    public static byte[] Replaced(this byte[] bytes, ReadOnlySpan<byte> piece, int offset)
    {
        int at = bytes.AsSpan().IndexOf(piece);
        Assert.True(at >= 0, "The piece does not stand in the file.");
        byte[] changed = [.. bytes];
        changed[at + offset] ^= 1;
        return changed;
    }
}
