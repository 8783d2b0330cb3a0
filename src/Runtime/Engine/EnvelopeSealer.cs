using AgentFlow.Contracts;
using AgentFlow.Diagnostics;
using AgentFlow.Dispatch;
using AgentFlow.Protocol.Buffers;
using AgentFlow.Protocol.Codec;
using AgentFlow.Protocol.Crypto;
using AgentFlow.Protocol.Frames;
using AgentFlow.Storage;

namespace AgentFlow.Engine;

/// <summary>
/// Turns what a handler sends into sealed envelopes of the session's transaction. Everything is encoded before the first envelope is sealed, so that a message
/// that cannot be encoded changes nothing.
/// </summary>
internal sealed class EnvelopeSealer(EngineServices engine)
{
    private const int SaltSize = 16;

    // A group is closed above this size, so that one more message of usual size still fits the envelope.
    private const int GroupSize = 64 * 1024;
    private const int MostFrames = 255;

    /// <summary>Seals the messages of a handler: those that need no approval share envelopes, a gated one travels alone; delayed ones become timers.</summary>
    public void Send(ThreadSession session, in MessageCause cause, IReadOnlyList<Emission> emissions)
    {
        if (emissions.Count == 0)
            return;
        var encoded = new List<PooledBuffer>();
        try
        {
            for (int next = 0; next < emissions.Count;)
            {
                if (emissions[next].After is null)
                    encoded.Add(Encode(session, cause, emissions, ref next));
                else
                    Schedule(session, cause, emissions[next], next++);
            }

            for (int i = 0; i < encoded.Count; i++)
                Seal(session, CauseHash.EnvelopeId(cause, session.Agent.Keys.IdKey, i), encoded[i]);
        }
        finally
        {
            foreach (var buffer in encoded)
                buffer.Dispose();
        }
    }

    /// <summary>Seals one message by itself.</summary>
    public void SendOne(ThreadSession session, MessageId id, ContractEntry contract, object message, in MessageCause cause)
    {
        using var buffer = new PooledBuffer();
        var writer = new PlaintextWriter(buffer);
        Write(session, ref writer, buffer, contract, message, cause, IsGated(session, contract));
        writer.Finish();
        Seal(session, id, buffer);
    }

    /// <summary>Seals one frame of a contract that the protocol itself defines.</summary>
    public void SendBuiltIn(ThreadSession session, MessageId id, ContractId contract, ReadOnlySpan<byte> payload, MessageId correlation)
    {
        using var buffer = new PooledBuffer();
        var writer = new PlaintextWriter(buffer);
        writer.WriteFrame(BuiltInContracts.Header(contract, correlation), payload);
        writer.Finish();
        Seal(session, id, buffer);
    }

    /// <summary>Encodes the messages from <paramref name="next"/> on that may share one envelope.</summary>
    private static PooledBuffer Encode(ThreadSession session, in MessageCause cause, IReadOnlyList<Emission> emissions, ref int next)
    {
        var buffer = new PooledBuffer();
        try
        {
            var writer = new PlaintextWriter(buffer);
            do
            {
                var emission = emissions[next];
                bool isGated = IsGated(session, emission.Contract);
                if (isGated && writer.FrameCount > 0)
                    break;
                Write(session, ref writer, buffer, emission.Contract, emission.Message, cause, isGated);
                next++;
                if (isGated)
                    break;
            }
            while (next < emissions.Count && emissions[next].After is null && writer.FrameCount < MostFrames && buffer.Length < GroupSize);

            writer.Finish();
            return buffer;
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    private static bool IsGated(ThreadSession session, ContractEntry contract)
    {
        bool hasRule = session.Member.Policy.RulesFor(contract.Id, contract.Major).Any();
        if (contract.Descriptor.IsGated && !hasRule)
            throw new InvalidOperationException(
                $"'{contract}' needs approval, and this thread was started without people for its role. Add them with AddPerson, then start a new thread.");
        return hasRule;
    }

    private static void Write(
        ThreadSession session, ref PlaintextWriter writer, PooledBuffer buffer, ContractEntry contract, object message, in MessageCause cause, bool isGated)
    {
        using var activity = Telemetry.Send(contract, session.Agent.Name, session.Thread);
        byte[] salt = isGated ? new byte[SaltSize] : [];
        SecureRandom.Fill(salt);
        var header = new FrameHeader
        {
            Contract = contract.Id,
            Major = contract.Major,
            Codec = FrameCodec.Protobuf,
            SchemaHash = contract.SchemaHash,
            CorrelationId = cause.Correlation,
        };
        var extensions = new FrameExtensions
        {
            CausationId = cause.MessageId == default ? null : cause.MessageId,
            Salt = salt,
        };
        SentTrace.Write(ref extensions);
        writer.BeginFrame(header, extensions);
        var payload = new ProtobufWriter(buffer);
        contract.Descriptor.WriteProtobuf(ref payload, message);
        writer.EndFrame();
    }

    private void Seal(ThreadSession session, MessageId id, PooledBuffer buffer)
    {
        session.Send(id, session.Member.Seal(id, buffer, session.Agent.Id, engine.Now.ToUnixTimeMilliseconds()));
        FailPoint.Hit(FailPoints.AfterSeal);
    }

    private void Schedule(ThreadSession session, in MessageCause cause, Emission emission, int index)
    {
        using var buffer = new PooledBuffer();
        var writer = new ProtobufWriter(buffer);
        emission.Contract.Descriptor.WriteProtobuf(ref writer, emission.Message);
        byte[] key = CauseHash.TimerKey(cause, index);
        var scheduled = new ScheduledMessage(emission.Contract.Key, cause.MessageId, cause.Correlation, buffer.WrittenSpan.ToArray());
        session.AddTimer(engine.Now + emission.After!.Value, TimerKind.Scheduled, key, scheduled.Encode());
    }
}
