using System.Buffers.Binary;
using AgentFlow.Protocol.Envelopes;

namespace AgentFlow.Protocol.Proofs;

/// <summary>A stretch of a thread: T in front of it, and E of every position in it. From these T of every position follows.</summary>
/// <param name="First">The first position, from 1.</param>
/// <param name="Before">T of the position before.</param>
/// <param name="Envelopes">E of <paramref name="First"/> and the positions after it, without a gap.</param>
public sealed record ThreadRun(long First, Bytes32 Before, IReadOnlyList<Bytes32> Envelopes)
{
    /// <summary>The last position.</summary>
    public long Last => First + Envelopes.Count - 1;

    internal static bool TryParse(ReadOnlySpan<byte> bytes, out ThreadRun? run)
    {
        run = null;
        if (bytes.Length <= ProofSection.RunFixedSize || (bytes.Length - ProofSection.RunFixedSize) % Bytes32.Size != 0)
            return false;
        long first = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        var envelopes = new Bytes32[(bytes.Length - ProofSection.RunFixedSize) / Bytes32.Size];
        if (first < 1 || first > long.MaxValue - envelopes.Length)
            return false;
        for (int i = 0; i < envelopes.Length; i++)
            envelopes[i] = new Bytes32(bytes.Slice(ProofSection.RunFixedSize + i * Bytes32.Size, Bytes32.Size));
        run = new ThreadRun(first, new Bytes32(bytes.Slice(8, Bytes32.Size)), envelopes);
        return true;
    }

    internal byte[] ToArray()
    {
        byte[] bytes = new byte[ProofSection.RunFixedSize + Envelopes.Count * Bytes32.Size];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, First);
        Before.Span.CopyTo(bytes.AsSpan(8));
        for (int i = 0; i < Envelopes.Count; i++)
            Envelopes[i].Span.CopyTo(bytes.AsSpan(ProofSection.RunFixedSize + i * Bytes32.Size));
        return bytes;
    }

    /// <summary>T of the position before the run and of each position in it.</summary>
    internal Bytes32[] ComputeHashes()
    {
        var hashes = new Bytes32[Envelopes.Count + 1];
        hashes[0] = Before;
        for (int i = 0; i < Envelopes.Count; i++)
            hashes[i + 1] = EnvelopeDigest.Thread(hashes[i], First + i, Envelopes[i]);
        return hashes;
    }
}
