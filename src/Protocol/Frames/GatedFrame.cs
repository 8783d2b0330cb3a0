namespace AgentFlow.Protocol.Frames;

/// <summary>The rules for a frame that needs approval: what was shown to the person is exactly what runs.</summary>
/// <remarks>Reference: protocol.md 2.8 "Gated frames". Approver and executor both ask them, before they show or act.</remarks>
public static class GatedFrame
{
    /// <summary>Checks the form of a gated frame, before its payload is decoded.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="frameCount">How many frames its envelope holds.</param>
    /// <param name="exactSchemaHash">The schema that the own decoder was generated from; no allow-list applies.</param>
    /// <returns><see cref="ProtocolError.None"/>, or the rule that it breaks.</returns>
    public static ProtocolError Check(in Frame frame, int frameCount, Bytes32 exactSchemaHash)
    {
        if (frameCount != 1)
            return ProtocolError.GatedNotAlone;
        if (frame.Header.SchemaHash != exactSchemaHash)
            return ProtocolError.GatedSchema;
        if (frame.Extensions.HasUnknownTypes)
            return ProtocolError.GatedContent;
        return frame.Extensions.Salt.IsEmpty ? ProtocolError.GatedSalt : ProtocolError.None;
    }

    /// <summary>Checks that a decoded payload encodes to the same bytes, so that it has no unknown field and only one reading.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="encodedAgain">What the decoded message encodes to.</param>
    /// <returns><see cref="ProtocolError.None"/>, or the rule that it breaks.</returns>
    public static ProtocolError CheckPayload(in Frame frame, ReadOnlySpan<byte> encodedAgain) =>
        frame.Payload.SequenceEqual(encodedAgain) ? ProtocolError.None : ProtocolError.GatedContent;
}
