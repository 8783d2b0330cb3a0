using System.Diagnostics;
using AgentFlow.Bench.Wire;
using AgentFlow.Hub;
using AgentFlow.Hub.Sqlite;
using AgentFlow.Protocol.Buffers;
using AgentFlow.Protocol.Frames;
using AgentFlow.Protocol.Hub;
using AgentFlow.Protocol.Threads;

namespace AgentFlow.Bench.Store;

/// <summary>The whole hub: real sealed envelopes in 64 threads, public checks, fan-out to two members beside it.</summary>
internal static class HubCase
{
    private const int Threads = 64;
    private const int PerThread = 150;

    public static async Task<double> RunAsync(string path, bool trustOwnProcess, bool overGrpc = false)
    {
        var now = DateTimeOffset.UtcNow;
        await using var own = await InProcessHub.StartAsync(new SqliteEnvelopeStore(path), new HubOptions { TrustOwnProcess = trustOwnProcess }, default);
        await using var server = overGrpc ? await LoopbackHost.ServeAsync(own) : null;
        await using var client = server is null ? null : GrpcHub.Connect(server.Address);
        IHub hub = client is null ? own : client;
        using var creator = new Party("bench", now);
        using var other = new Party("other", now);
        await RegisterAsync(hub, creator);
        await RegisterAsync(hub, other);

        var sealedThreads = new List<(ThreadId Id, List<byte[]> Envelopes)>();
        for (int t = 0; t < Threads; t++)
        {
            var genesis = creator.CreateThread(other);
            using var member = genesis.Member;
            Require(await hub.CreateThreadAsync(member.ThreadId, MessageId.New(DateTimeOffset.UtcNow), genesis.Envelope, default));
            sealedThreads.Add((member.ThreadId, [.. Enumerable.Range(0, PerThread).Select(_ => Seal(member, creator))]));
        }

        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(sealedThreads.Select(thread => Task.Run(async () =>
        {
            foreach (byte[] envelope in thread.Envelopes)
                Require(await hub.AppendAsync(thread.Id, MessageId.New(DateTimeOffset.UtcNow), envelope, default));
        })));
        return Threads * PerThread / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task RegisterAsync(IHub hub, Party party)
    {
        if (await hub.RegisterAgentAsync(new AgentRegistration(party.Log.Agent, party.Log.Bytes, default), default) != HubStatus.Ok)
            throw new InvalidOperationException("The hub refused the agent.");
    }

    private static byte[] Seal(ThreadMember member, Party party)
    {
        using var buffer = new PooledBuffer();
        var writer = new PlaintextWriter(buffer);
        writer.WriteFrame(new FrameHeader { Contract = ContractIds.Of("bench.frame"), Major = 1, Codec = FrameCodec.Raw, SchemaHash = default }, new byte[900]);
        writer.Finish();
        member.Seal(buffer, party.Device, new SealOptions(party.Now));
        return buffer.WrittenSpan.ToArray();
    }

    private static void Require(AppendResult result)
    {
        if (result.Status != AppendStatus.Appended)
            throw new InvalidOperationException($"The append ended as {result.Status} {result.Refusal}.");
    }
}
