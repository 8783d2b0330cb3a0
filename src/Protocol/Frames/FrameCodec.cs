namespace AgentFlow.Protocol.Frames;

/// <summary>How the payload of a frame is encoded; the numbers are wire values.</summary>
public enum FrameCodec : byte
{
    /// <summary>Bytes without a schema: attachments' references, plain text and the built-in contracts.</summary>
    Raw = 0,

    /// <summary>Protobuf wire format.</summary>
    Protobuf = 1,

    /// <summary>UTF-8 JSON.</summary>
    Json = 2,
}
