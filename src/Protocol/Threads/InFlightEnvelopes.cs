using AgentFlow.Protocol.Buffers;

namespace AgentFlow.Protocol.Threads;

/// <summary>The digests of own envelopes that were sealed and do not yet stand in the thread, oldest first.</summary>
/// <remarks>It saves the check of the own signature. Bounded: one that is not remembered is verified like any other.</remarks>
internal sealed class InFlightEnvelopes
{
    private const int Capacity = 256;
    private readonly Queue<(ulong Seq, Bytes32 Digest)> _queue = new(16);

    public void Add(ulong seq, Bytes32 digest)
    {
        if (_queue.Count < Capacity)
            _queue.Enqueue((seq, digest));
    }

    /// <summary>The digest that was sealed under a number, or zero where it is not remembered.</summary>
    public Bytes32 Find(ulong seq) => _queue.TryPeek(out var oldest) && oldest.Seq == seq ? oldest.Digest : default;

    /// <summary>Forgets everything up to a number.</summary>
    public void RemoveThrough(ulong seq)
    {
        while (_queue.TryPeek(out var oldest) && oldest.Seq <= seq)
            _queue.Dequeue();
    }

    public void Write(ByteWriter writer)
    {
        writer.Write((ushort)_queue.Count);
        foreach (var (seq, digest) in _queue)
        {
            writer.Write(seq);
            writer.Write(digest);
        }
    }

    public static InFlightEnvelopes Read(ref ByteReader reader)
    {
        var read = new InFlightEnvelopes();
        for (int left = reader.ReadUInt16(); left > 0 && !reader.Failed; left--)
            read.Add(reader.ReadUInt64(), reader.ReadBytes32());
        return read;
    }
}
