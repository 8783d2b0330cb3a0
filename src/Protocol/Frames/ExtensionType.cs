namespace AgentFlow.Protocol.Frames;

/// <summary>What an entry of the extension block holds; the numbers are wire values. Other numbers are unknown: skipped, but kept.</summary>
public enum ExtensionType : byte
{
    /// <summary>The W3C <c>traceparent</c>: 55 ASCII characters.</summary>
    TraceParent = 1,

    /// <summary>The W3C <c>baggage</c>: UTF-8 text.</summary>
    Baggage = 2,

    /// <summary>The 16-byte id of the message whose handling caused this one.</summary>
    CausationId = 3,

    /// <summary>16 random bytes, not all zero: make the subject of an approval unguessable. Required on gated requests.</summary>
    Salt = 4,

    /// <summary>The 32-byte id of the agent that the message is for.</summary>
    Target = 5,

    /// <summary>A content subject for plain-text frames: UTF-8 text.</summary>
    ContentSubject = 6,
}
