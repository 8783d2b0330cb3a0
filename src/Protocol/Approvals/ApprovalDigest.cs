using System.Buffers.Binary;
using AgentFlow.Protocol.Crypto;
using AgentFlow.Protocol.Frames;

namespace AgentFlow.Protocol.Approvals;

/// <summary>The digest of what is approved, printed as <c>af1:</c> and 64 hexadecimal digits.</summary>
/// <remarks>Reference: protocol.md 2.10. <c>H("AF1 subject", header 80, u16 extension length, extensions, payload)</c>.</remarks>
public static class ApprovalDigest
{
    private const string Prefix = "af1:";

    /// <summary>Computes the digest of a frame, from the bytes about to be shown or acted on.</summary>
    public static Bytes32 Compute(in Frame frame)
    {
        Span<byte> length = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)frame.Header.ExtensionLength);
        return AfHash.Hash(Labels.Subject, frame.Bytes[..FrameHeader.Size], length, frame.Bytes[FrameHeader.Size..]);
    }

    /// <summary>The text form.</summary>
    public static string ToText(Bytes32 digest) => Prefix + digest;

    /// <summary>Reads the text form: <c>af1:</c> and 64 lower-case hexadecimal digits.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Bytes32 digest)
    {
        digest = default;
        Span<byte> bytes = stackalloc byte[Bytes32.Size];
        if (text.Length != Prefix.Length + 2 * Bytes32.Size || !text.StartsWith(Prefix, StringComparison.Ordinal)
            || text[Prefix.Length..].IndexOfAnyExcept("0123456789abcdef") >= 0)
            return false;
        Convert.FromHexString(text[Prefix.Length..], bytes, out _, out _);
        digest = new Bytes32(bytes);
        return true;
    }
}
