using System.Text.Unicode;

namespace AgentFlow.Protocol.Frames;

/// <summary>Text on the wire: UTF-8 without a byte order mark.</summary>
internal static class WireText
{
    public static bool IsValid(ReadOnlySpan<byte> bytes) => Utf8.IsValid(bytes) && !bytes.StartsWith("\uFEFF"u8);
}
