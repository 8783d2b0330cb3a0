namespace AgentFlow.Protocol.Codec;

/// <summary>Reads protobuf wire format that may be hostile: it fails, and never throws. Called by generated code.</summary>
public ref struct ProtobufReader
{
    private readonly ReadOnlySpan<byte> _bytes;

    /// <summary>Reads all of the bytes.</summary>
    public ProtobufReader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Whether the bytes turned out to be malformed or beyond a limit.</summary>
    public bool Failed { get; private set; }
}
