using AgentFlow.Protocol.Buffers;
using AgentFlow.Protocol.Codec;
using AgentFlow.Protocol.Envelopes;
using AgentFlow.Protocol.Frames;
using AgentFlow.Protocol.Identity;
using AgentFlow.Protocol.Threads;
using AgentFlow.SourceGeneration;

namespace AgentFlow.Bench.Envelopes;

/// <summary>A thread of two devices without a hub: one writes, the other reads.</summary>
internal sealed class Conversation : IDisposable
{
    private readonly Party _writer;
    private readonly Party _reader;
    private readonly ThreadMember _sending;
    private readonly ThreadMember _receiving;
    private readonly ThreadChecks _checks;
    private readonly PooledBuffer _plaintext = new(32 * 1024);
    private readonly MessageDescriptor _contract;
    private readonly FrameHeader _header;

    public Conversation(MessageDescriptor contract)
    {
        _writer = new Party("writer", DateTimeOffset.UtcNow);
        _reader = new Party("reader", DateTimeOffset.UtcNow);
        var genesis = _writer.CreateThread(_reader);
        _sending = genesis.Member;
        _checks = new ThreadChecks { Identities = new Logs(_writer.Log, _reader.Log), Hashes = new NoHashes() };
        if (!ThreadMember.TryJoin(genesis.Envelope.Span, _sending.ThreadId, _writer.Log.Agent, _reader.Device.PublicKey, [_reader.Prekey], _checks, out var member, out var error))
            throw new InvalidOperationException($"The reader could not join: {error}.");
        _receiving = member;
        _contract = contract;
        _header = new FrameHeader { Contract = ContractIds.Of(contract.Name), Major = contract.Version, Codec = FrameCodec.Protobuf, SchemaHash = contract.SchemaHash };
    }

    public Party Writer => _writer;

    /// <summary>Serializes a message into a buffer and seals it in place.</summary>
    /// <returns>E.</returns>
    public Bytes32 Send(PooledBuffer buffer, object message, bool isBatch)
    {
        buffer.Reset();
        var writer = new PlaintextWriter(buffer);
        writer.BeginFrame(_header);
        var payload = new ProtobufWriter(buffer);
        _contract.WriteProtobuf(ref payload, message);
        writer.EndFrame();
        writer.Finish();
        return _sending.Seal(buffer, _writer.Device, new SealOptions(_writer.Now, isBatch)).Digest;
    }

    /// <summary>Checks, opens and deserializes what stands next in the thread.</summary>
    public object Receive(PooledBuffer envelope)
    {
        var result = _receiving.Open(_receiving.Thread.Position + 1, envelope.WrittenSpan, isExpired: false, _plaintext, _checks);
        if (result.Outcome != OpenOutcome.Opened
            || !PlaintextReader.TryParse(_plaintext.WrittenSpan, isHeartbeat: false, isMultiFrame: false, out var frames, out _) || !frames.TryRead(out var frame))
            throw new InvalidOperationException($"The envelope did not open: {result.Outcome} {result.Error}.");
        var reader = new ProtobufReader(frame.Payload);
        return _contract.ReadProtobuf(ref reader) ?? throw new InvalidOperationException("The payload is no message.");
    }

    /// <summary>Lets the writer see its own envelope stand in the thread. This is not part of what is measured: it costs one hash.</summary>
    public void Settle(PooledBuffer envelope)
    {
        if (_sending.Open(_sending.Thread.Position + 1, envelope.WrittenSpan, isExpired: false, _plaintext, _checks).Outcome != OpenOutcome.Own)
            throw new InvalidOperationException("The writer does not know its own envelope.");
    }

    public void Dispose()
    {
        _plaintext.Dispose();
        _sending.Dispose();
        _receiving.Dispose();
        _writer.Dispose();
        _reader.Dispose();
    }

    private sealed class Logs(params IdentityLog[] logs) : IIdentitySource
    {
        public IdentityLog? Find(AgentId agent) => Array.Find(logs, log => log.Agent == agent);
    }

    private sealed class NoHashes : IThreadHashes
    {
        public bool TryFind(ThreadId thread, long position, out Bytes32 hash)
        {
            hash = default;
            return false;
        }
    }
}
