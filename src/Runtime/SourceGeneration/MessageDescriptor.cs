using System.Text.Json;
using AgentFlow.Protocol.Codec;

namespace AgentFlow.SourceGeneration;

/// <summary>What the generator knows of a contract. Made by generated code; not for direct use.</summary>
public abstract class MessageDescriptor
{
    private readonly Lazy<Bytes32> _schemaHash;
    private readonly Lazy<IReadOnlyList<Bytes32>> _compatibleSchemas;

    private protected MessageDescriptor()
    {
        _schemaHash = new(ComputeSchemaHash);
        _compatibleSchemas = new(() => [.. CompatibleProtoTexts.Select(Protocol.Frames.SchemaHash.Of)]);
    }

    /// <summary>The wire name, without the version.</summary>
    public required string Name { get; init; }

    /// <summary>The version.</summary>
    public required ushort Version { get; init; }

    /// <summary>The CLR type.</summary>
    public abstract Type ClrType { get; }

    /// <summary>The emitted <c>.proto</c> text: UTF-8, LF, fields by number, no comments. Its hash is <see cref="SchemaHash"/>.</summary>
    public required string ProtoText { get; init; }

    /// <summary>H("AF1 schema", <see cref="ProtoText"/>), computed when it is first asked for.</summary>
    public Bytes32 SchemaHash => _schemaHash.Value;

    /// <summary>Older schema texts of the same name and version, which the lock file records and this code still reads.</summary>
    public IReadOnlyList<string> CompatibleProtoTexts { get; init; } = [];

    /// <summary>The hashes of <see cref="CompatibleProtoTexts"/>: with <see cref="SchemaHash"/> the allow-list of what may be decoded. Never used for a gated contract.</summary>
    public IReadOnlyList<Bytes32> CompatibleSchemas => _compatibleSchemas.Value;

    /// <summary>The JSON Schema (2020-12).</summary>
    public required string JsonSchema { get; init; }

    /// <summary>The members, in declaration order.</summary>
    public IReadOnlyList<MemberDescriptor> Members { get; init; } = [];

    /// <summary>The approval requirements, in declaration order: rule id = index + 1. Empty where the contract is not gated.</summary>
    public IReadOnlyList<ApprovalRequirement> Approvals { get; init; } = [];

    /// <summary>How sending it ends the thread, or <see cref="ThreadOutcome.Running"/> where it does not.</summary>
    public ThreadOutcome Ends { get; init; }

    /// <summary>The agent of another process that handles it, or null.</summary>
    public string? Route { get; init; }

    /// <summary>How often it may be sent in a thread, or null.</summary>
    public int? MaxHops { get; init; }

    /// <summary>The template of <c>[Summary]</c>, or null.</summary>
    public string? SummaryTemplate { get; init; }

    /// <summary>Older versions that upcast to this one.</summary>
    public IReadOnlyList<UpcastDescriptor> Upcasts { get; init; } = [];

    /// <summary>Whether people must approve it.</summary>
    public bool IsGated => Approvals.Count > 0;

    private Bytes32 ComputeSchemaHash() => Protocol.Frames.SchemaHash.Of(ProtoText);

    /// <summary>The contract written <c>name@version</c>.</summary>
    public override string ToString() => $"{Name}@{Version}";

    /// <summary>Writes a message in protobuf wire format.</summary>
    public abstract void WriteProtobuf(ref ProtobufWriter writer, object message);

    /// <summary>Reads a message; null, with the reader failed, for bytes that are not one.</summary>
    public abstract object? ReadProtobuf(ref ProtobufReader reader);

    /// <summary>Writes a message as JSON.</summary>
    public abstract void WriteJson(Utf8JsonWriter writer, object message);

    /// <summary>Reads a message from JSON, with the reader before or on its first token.</summary>
    /// <exception cref="JsonException">The JSON is malformed or does not fit; the message names the path.</exception>
    public abstract object ReadJson(ref Utf8JsonReader reader);

    /// <summary>Fills the summary template from a message.</summary>
    public abstract string Summarize(object message);

    /// <summary>The members as text, in declaration order, sensitive ones masked: what the approval card shows.</summary>
    public abstract IReadOnlyList<MemberText> Describe(object message);

    internal abstract object MakeApproved(object message, ApprovalEvidence evidence);

    internal abstract object MakeRejected(object message, ApprovalEvidence evidence);

    internal abstract object MakeExpired(object message, ApprovalEvidence evidence);
}

/// <summary>What the generator knows of a contract of a known type. Made by generated code; not for direct use.</summary>
/// <typeparam name="T">The CLR type.</typeparam>
public sealed class MessageDescriptor<T> : MessageDescriptor
    where T : class
{
    /// <inheritdoc/>
    public override Type ClrType => typeof(T);

    /// <summary>Reads and writes the type.</summary>
    public required PayloadCodec<T> Codec { get; init; }

    /// <summary>Fills the summary.</summary>
    public Func<T, string>? Summary { get; init; }

    /// <inheritdoc/>
    public override void WriteProtobuf(ref ProtobufWriter writer, object message) => Codec.WriteProtobuf(ref writer, (T)message);

    /// <inheritdoc/>
    public override object? ReadProtobuf(ref ProtobufReader reader) => Codec.ReadProtobuf(ref reader);

    /// <inheritdoc/>
    public override void WriteJson(Utf8JsonWriter writer, object message) => Codec.WriteJson(writer, (T)message);

    /// <inheritdoc/>
    public override object ReadJson(ref Utf8JsonReader reader) => Codec.ReadJson(ref reader);

    /// <inheritdoc/>
    public override string Summarize(object message) => Summary?.Invoke((T)message) ?? ToString();

    /// <inheritdoc/>
    public override IReadOnlyList<MemberText> Describe(object message) => Codec.Describe((T)message);

    internal override object MakeApproved(object message, ApprovalEvidence evidence) => new Approved<T>((T)message, evidence);

    internal override object MakeRejected(object message, ApprovalEvidence evidence) => new Rejected<T>((T)message, evidence);

    internal override object MakeExpired(object message, ApprovalEvidence evidence) => new Expired<T>((T)message, evidence);
}
