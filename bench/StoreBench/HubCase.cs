using System.Diagnostics;
using AgentFlow.Hub;
using AgentFlow.Hub.Sqlite;
using AgentFlow.Protocol.Buffers;
using AgentFlow.Protocol.Crypto;
using AgentFlow.Protocol.Frames;
using AgentFlow.Protocol.Hub;
using AgentFlow.Protocol.Identity;
using AgentFlow.Protocol.Threads;

namespace AgentFlow.StoreBench;

/// <summary>The whole hub: real sealed envelopes in 64 threads, public checks, fan-out to two members beside it.</summary>
internal static class HubCase
{
    private const int Threads = 64;
    private const int PerThread = 150;

    public static async Task<double> RunAsync(string path, bool trustOwnProcess)
    {
        long now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        await using var hub = await InProcessHub.StartAsync(new SqliteEnvelopeStore(path), new HubOptions { TrustOwnProcess = trustOwnProcess }, default);
        using var root = SigningKey.Generate();
        using var next = SigningKey.Generate();
        using var device = SigningKey.Generate();
        using var prekey = AgreementKey.Generate();
        var creator = await RegisterAsync(hub, "bench", root, next, device, now);
        using var otherDevice = SigningKey.Generate();
        var other = await RegisterAsync(hub, "other", next, root, otherDevice, now);
        var bundle = KeyBundle.Create(other, otherDevice, 1, prekey.PublicKey, now, now + 86_400_000);

        var sealedThreads = new List<(ThreadId Id, List<byte[]> Envelopes)>();
        for (int t = 0; t < Threads; t++)
        {
            var genesis = ThreadMember.Create(new ThreadCreation
            {
                Device = device, Log = creator, Policy = ThreadPolicy.Create([]), Members = [new InvitedMember(other, bundle, MemberRole.Member)], Time = now,
            });
            using var member = genesis.Member;
            Require(await hub.CreateThreadAsync(member.ThreadId, MessageId.New(DateTimeOffset.UtcNow), genesis.Envelope, default));
            sealedThreads.Add((member.ThreadId, [.. Enumerable.Range(0, PerThread).Select(_ => Seal(member, device, now))]));
        }

        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(sealedThreads.Select(thread => Task.Run(async () =>
        {
            foreach (byte[] envelope in thread.Envelopes)
                Require(await hub.AppendAsync(thread.Id, MessageId.New(DateTimeOffset.UtcNow), envelope, default));
        })));
        return Threads * PerThread / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task<IdentityLog> RegisterAsync(InProcessHub hub, string name, SigningKey root, SigningKey next, SigningKey device, long now)
    {
        var log = IdentityLogWriter.CreateGenesis(name, root, IdentityLogWriter.NextRootHash(next.PublicKey), default, now);
        log = IdentityLogWriter.AddKey(log, device, KeyUsage.MessageDevice, 0, root, now);
        if (await hub.RegisterAgentAsync(new AgentRegistration(log.Agent, log.Bytes, default), default) != HubStatus.Ok)
            throw new InvalidOperationException("The hub refused the agent.");
        return log;
    }

    private static byte[] Seal(ThreadMember member, SigningKey device, long now)
    {
        using var buffer = new PooledBuffer();
        var writer = new PlaintextWriter(buffer);
        writer.WriteFrame(new FrameHeader { Contract = ContractIds.Of("bench.frame"), Major = 1, Codec = FrameCodec.Raw, SchemaHash = default }, new byte[900]);
        writer.Finish();
        member.Seal(buffer, device, new SealOptions(now));
        return buffer.WrittenSpan.ToArray();
    }

    private static void Require(AppendResult result)
    {
        if (result.Status != AppendStatus.Appended)
            throw new InvalidOperationException($"The append ended as {result.Status} {result.Refusal}.");
    }
}
