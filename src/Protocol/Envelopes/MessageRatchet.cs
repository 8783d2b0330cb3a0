using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using AgentFlow.Protocol.Crypto;

namespace AgentFlow.Protocol.Envelopes;

/// <summary>One step of a leaf's ratchet: the chain key becomes the next one, and gives the key of one message.</summary>
/// <remarks>Reference: protocol.md 2.7, seal step 1. All secrets are in spans of the caller, who zeroes the message key.</remarks>
internal static class MessageRatchet
{
    public const int KeySize = 32;

    /// <summary>Steps once, in place.</summary>
    [SkipLocalsInit]
    public static void Step(Span<byte> chainKey, uint generation, uint leaf, Span<byte> messageKey)
    {
        Span<byte> input = stackalloc byte[8];
        Span<byte> output = stackalloc byte[64];
        BinaryPrimitives.WriteUInt32LittleEndian(input, generation);
        BinaryPrimitives.WriteUInt32LittleEndian(input[4..], leaf);
        AfHash.Kdf2(chainKey, Labels.Chain, input, [], output);
        output[..KeySize].CopyTo(chainKey);
        output[KeySize..].CopyTo(messageKey);
        CryptographicOperations.ZeroMemory(output);
    }
}
