using System.Buffers.Binary;
using System.Globalization;
using AgentFlow.Hub.Pumps;
using AgentFlow.Hub.Stores;
using AgentFlow.Hub.Tests.Helpers;
using AgentFlow.Protocol.Hub;

namespace AgentFlow.Hub.CrashHost;

/// <summary>
/// Senders that append as fast as they can, until the process is killed or they are told to stop. A sender goes on where the log says that it was, and repeats
/// its last envelope first; while the store does not answer, it tries again under the same id. Each answer is a line on the output:
/// <c>sender counter thread position</c>. Beside each append the state item of its thread is written, so that its version counts the appends.
/// </summary>
public sealed class SenderLoad(IEnvelopeStore store, TextWriter output, int seed)
{
    public const int Senders = 8;
    public const int Threads = 5;
    private readonly Lock _outputGate = new();
    private readonly Recovery _recovery = new(store.Wakes);

    public static int ThreadOf(int sender, int counter) => 1 + (((sender * 7) + (counter * 3)) % Threads);

    public static MessageId IdOf(int sender, int counter)
    {
        byte[] bytes = new byte[16];
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(8), sender);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(12), counter);
        return MessageId.Read(bytes);
    }

    public static (int Sender, int Counter) Read(MessageId id)
    {
        byte[] bytes = new byte[16];
        id.Write(bytes);
        return (BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(8)), BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(12)));
    }

    public async Task RunAsync(CancellationToken stop)
    {
        var last = new int[Senders];
        for (int t = 1; t <= Threads; t++)
        {
            var members = Make.Members(t, 1, 2);
            await store.CommitAsync(new StoreCommit(ShardKey.Of(Make.Thread(t)), [Make.Create(t), members]), CancellationToken.None);
            foreach (var envelope in (await store.ReadThreadAsync(Make.Thread(t), 0, int.MaxValue, int.MaxValue, CancellationToken.None)).Envelopes)
            {
                var (sender, counter) = Read(envelope.MessageId);
                last[sender] = Math.Max(last[sender], counter);
            }
        }

        await using var pump = new FanOutPump(store, new HubOptions());
        pump.Start();
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(s => Task.Run(() => SendAsync(s, Math.Max(1, last[s]), stop))));
    }

    private async Task SendAsync(int sender, int counter, CancellationToken stop)
    {
        var random = new Random(seed + sender);
        while (!stop.IsCancellationRequested)
        {
            int thread = ThreadOf(sender, counter);
            byte[] body = Make.Body(sender + counter, 100 + (sender * counter % 900));
            var append = new StoreOp.Append(Make.Thread(thread), IdOf(sender, counter), body, Make.Hash(body));
            var put = new StoreOp.Put(StepStream.ThreadKey(thread), BitConverter.GetBytes(counter), -1);
            var commit = new StoreCommit(ShardKey.Of(Make.Thread(thread)), [append, put]);
            var result = await CommitAsync(commit);
            if (result.Status != HubStatus.Ok)
                throw new InvalidOperationException($"The append ended as {result.Status}.");
            lock (_outputGate)
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{sender} {counter} {thread} {result.Values[0]}"));
                output.Flush();
            }

            if (random.Next(5) == 0)
                await store.CommitAsync(new StoreCommit(ShardKey.Of(Make.Agent(1)), [new StoreOp.Ack(Make.Agent(1), Make.Thread(thread), result.Values[0])]), CancellationToken.None);
            counter++;
        }
    }

    /// <summary>Tries until there is an answer. A broken connection is made anew at the second try; after that it waits for a sign.</summary>
    private async Task<StoreResult> CommitAsync(StoreCommit commit)
    {
        for (int unanswered = 0; ;)
        {
            var sign = _recovery.Next;
            var result = await store.CommitAsync(commit, CancellationToken.None);
            if (result.Status == HubStatus.Unavailable && ++unanswered > 1)
                await sign;
            if (result.Status is HubStatus.Unavailable or HubStatus.Busy)
                continue;
            _recovery.Show();
            return result;
        }
    }
}
