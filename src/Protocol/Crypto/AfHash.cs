using System.Runtime.CompilerServices;

namespace AgentFlow.Protocol.Crypto;

/// <summary>The three uses of BLAKE2b in AF1: H (hash), MAC (keyed hash) and KDF2 (keyed, 64 bytes out).</summary>
/// <remarks>
/// Reference: protocol.md 2.1, RFC 7693. Every input begins with a label of 16 bytes; the pieces after it are fixed in size or carry their length, so that
/// joining them is injective. Allocates nothing. Thread-safe.
/// </remarks>
public static class AfHash
{
    /// <summary>H: BLAKE2b-256 of the label and the pieces.</summary>
    /// <param name="label">One of <see cref="Labels"/>.</param>
    /// <param name="a">The first piece; an empty one adds nothing.</param>
    /// <param name="b">The second piece.</param>
    /// <param name="c">The third piece.</param>
    /// <param name="d">The fourth piece.</param>
    [SkipLocalsInit]
    public static Bytes32 Hash(
        ReadOnlySpan<byte> label, ReadOnlySpan<byte> a, ReadOnlySpan<byte> b = default, ReadOnlySpan<byte> c = default, ReadOnlySpan<byte> d = default)
    {
        Span<byte> output = stackalloc byte[Bytes32.Size];
        Run(default, label, a, b, c, d, output);
        return new Bytes32(output);
    }

    /// <summary>MAC: BLAKE2b-256 keyed with a 32-byte secret.</summary>
    /// <param name="key">The 32-byte secret.</param>
    /// <param name="label">One of <see cref="Labels"/>.</param>
    /// <param name="a">The first piece; an empty one adds nothing.</param>
    /// <param name="b">The second piece.</param>
    /// <param name="c">The third piece.</param>
    /// <param name="output">32 bytes; where it is a secret, the caller zeroes it.</param>
    public static void Mac(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> label, ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, ReadOnlySpan<byte> c, Span<byte> output)
    {
        Require(key, output, 32);
        Run(key, label, a, b, c, default, output);
    }

    /// <summary>KDF2: BLAKE2b-512 keyed with a 32-byte secret; two secrets of 32 bytes out.</summary>
    /// <param name="key">The 32-byte secret. It may lie in <paramref name="output"/>.</param>
    /// <param name="label">One of <see cref="Labels"/>.</param>
    /// <param name="a">The first piece; an empty one adds nothing.</param>
    /// <param name="b">The second piece.</param>
    /// <param name="output">64 bytes; the caller zeroes them.</param>
    public static void Kdf2(ReadOnlySpan<byte> key, ReadOnlySpan<byte> label, ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, Span<byte> output)
    {
        Require(key, output, 64);
        Run(key, label, a, b, default, default, output);
    }

    [SkipLocalsInit]
    private static void Run(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> label, ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, ReadOnlySpan<byte> c, ReadOnlySpan<byte> d,
        Span<byte> output)
    {
        if (label.Length != Labels.Size)
            throw new ArgumentException($"Take the label from {nameof(Labels)}: {Labels.Size} bytes.", nameof(label));
        var hash = new Blake2b(stackalloc byte[Blake2b.WorkspaceSize], key, output.Length);
        hash.Add(label);
        hash.Add(a);
        hash.Add(b);
        hash.Add(c);
        hash.Add(d);
        hash.Finish(output);
    }

    private static void Require(ReadOnlySpan<byte> key, Span<byte> output, int length)
    {
        if (key.Length != 32)
            throw new ArgumentException("The key has 32 bytes.", nameof(key));
        if (output.Length != length)
            throw new ArgumentException($"The output has {length} bytes.", nameof(output));
    }
}
