using System.Diagnostics;
using AgentFlow.Protocol.Buffers;
using AgentFlow.Protocol.Codec;
using AgentFlow.Protocol.Crypto;
using AgentFlow.Protocol.Envelopes;
using AgentFlow.SourceGeneration;

namespace AgentFlow.Bench.Envelopes;

/// <summary>What a message costs from object to object, against the one signature and the one check of it that cannot be saved.</summary>
internal sealed class EnvelopeBench : IDisposable
{
    private const int Rounds = 3000;
    private const int GroupRounds = 100;
    private const int Group = 64;
    private const int Baseline = 0;
    private const int Whole = 1;
    private const int Sending = 2;
    private const int Receiving = 3;
    private const int Signing = 4;
    private const int ReceivingFirst = 5;
    private static readonly MessageDescriptor s_contract = AgentFlowModule.Descriptor.Messages.Single(message => message.ClrType == typeof(Note));
    private readonly Conversation _conversation = new(s_contract);
    private readonly PooledBuffer[] _envelopes = [.. Enumerable.Range(0, Group).Select(_ => new PooledBuffer(32 * 1024))];
    private readonly Bytes32[] _digests = new Bytes32[Group];
    private readonly byte[] _signature = new byte[SigningKey.SignatureSize];
    private readonly Note _note;

    private EnvelopeBench(int size) => _note = Filled(size);

    public static Task RunAsync(BenchSettings settings, Report report)
    {
        Report.Begin("envelope: serialize + seal + open + deserialize, in turns with sign + verify; medians");
        foreach (int size in new[] { 256, 1024, 16 * 1024 })
        {
            using var bench = new EnvelopeBench(size);
            bench.MeasureAlone(report, size);
            bench.MeasureGroup(report, size);
        }

        return Task.CompletedTask;
    }

    public void Dispose()
    {
        foreach (var envelope in _envelopes)
            envelope.Dispose();
        _conversation.Dispose();
    }

    private void MeasureAlone(Report report, int size)
    {
        long allocated = 0;
        var medians = new Medians(3);
        medians.Run(Rounds / 3, Rounds, () =>
        {
            SignAndVerify(medians, Baseline);
            long before = GC.GetAllocatedBytesForCurrentThread();
            long started = Stopwatch.GetTimestamp();
            _conversation.Send(_envelopes[0], _note, isBatch: false);
            medians.Record(Sending, started);
            _conversation.Receive(_envelopes[0]);
            medians.Record(Whole, started);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            _conversation.Settle(_envelopes[0]);
        });
        double ratio = medians[Whole] / medians[Baseline];
        Report.Detail($"{size,6} B signed alone: {medians[Whole],6:0.0} us ({medians[Sending]:0.0} to send), sign + verify {medians[Baseline]:0.0} us; "
            + $"allocates {allocated} B, of which the message is {AllocatedByReading()} B");
        if (size == 1024)
            report.AtMost("envelope 1 KiB, signed alone : sign + verify", ratio, 1.35);
        else
            report.Add($"envelope {size} B, signed alone : sign + verify", ratio);
    }

    /// <summary>Each part has a median of its own, because a whole group takes longer than a thread keeps its core on a busy machine.</summary>
    private void MeasureGroup(Report report, int size)
    {
        var medians = new Medians(6);
        medians.Run(GroupRounds / 4, GroupRounds, () =>
        {
            for (int i = 0; i < Group; i++)
            {
                if (i % 8 == 0)
                    SignAndVerify(medians, Baseline);
                long sending = Stopwatch.GetTimestamp();
                _digests[i] = _conversation.Send(_envelopes[i], _note, isBatch: true);
                medians.Record(Sending, sending);
            }

            long signing = Stopwatch.GetTimestamp();
            var batch = BatchSignature.Create(_conversation.Writer.Device, _digests);
            medians.Record(Signing, signing);
            for (int i = 0; i < Group; i++)
            {
                long receiving = Stopwatch.GetTimestamp();
                batch.WriteTrailer(i, _envelopes[i].GetSpan(batch.TrailerSize)[..batch.TrailerSize]);
                _envelopes[i].Advance(batch.TrailerSize);
                _conversation.Receive(_envelopes[i]);
                medians.Record(i == 0 ? ReceivingFirst : Receiving, receiving);
            }

            foreach (var envelope in _envelopes)
                _conversation.Settle(envelope);
        });
        double each = medians[Sending] + ((medians[Signing] + medians[ReceivingFirst] + ((Group - 1) * medians[Receiving])) / Group);
        Report.Detail($"{size,6} B in a batch of {Group}: {each,6:0.0} us a message ({medians[Sending]:0.0} to send, {medians[Receiving]:0.0} to receive; {medians[Signing]:0.0} to sign all)");
        report.Add($"envelope {size} B, one batch signature over {Group} : sign + verify", each / medians[Baseline]);
    }

    private void SignAndVerify(Medians medians, int index)
    {
        long started = Stopwatch.GetTimestamp();
        _conversation.Writer.Device.Sign(Labels.SignEnvelope, _digests[0], _signature);
        bool isValid = SigningKey.Verify(_conversation.Writer.Device.PublicKey, Labels.SignEnvelope, _digests[0], _signature);
        medians.Record(index, started);
        if (!isValid)
            throw new InvalidOperationException("The signature does not verify.");
    }

    private long AllocatedByReading()
    {
        using var buffer = new PooledBuffer(32 * 1024);
        var writer = new ProtobufWriter(buffer);
        s_contract.WriteProtobuf(ref writer, _note);
        long before = GC.GetAllocatedBytesForCurrentThread();
        var reader = new ProtobufReader(buffer.WrittenSpan);
        s_contract.ReadProtobuf(ref reader);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>A message whose payload has exactly a size.</summary>
    private static Note Filled(int size)
    {
        int text = size;
        while (true)
        {
            var note = new Note("shop", "1.9.0-rc.2", 4_211_977, DateTimeOffset.UnixEpoch.AddYears(55), ["blue", "canary", "eu-west"], new string('x', text));
            using var buffer = new PooledBuffer(32 * 1024);
            var writer = new ProtobufWriter(buffer);
            s_contract.WriteProtobuf(ref writer, note);
            if (buffer.Length <= size)
                return note;
            text -= buffer.Length - size;
        }
    }
}
