using System.Text.Json;
using AgentFlow.Protocol.Envelopes;
using AgentFlow.Protocol.Identity;
using AgentFlow.Protocol.Threads;

namespace AgentFlow.Protocol.Tests.Vectors;

public sealed class HostileBytesTests
{
    private const int Rounds = 20_000;

    [Fact]
    public void Changed_commit_bodies_never_throw()
    {
        var random = new Random(1);
        var identities = new Logs([.. Af1Vectors.Root.GetProperty("thread").GetProperty("laterActors").EnumerateArray().Concat(
            Af1Vectors.Root.GetProperty("thread").GetProperty("actors").EnumerateArray())]);
        foreach (var sample in Af1Vectors.Root.GetProperty("thread").GetProperty("envelopes").EnumerateArray().Where(e => e.Int("kind") == 2))
        {
            byte[] envelope = sample.Hex("envelope"), body = sample.Hex("body");
            bool isGenesis = sample.Int("position") == 1;
            for (int round = 0; round < Rounds / 4; round++)
            {
                byte[] changed = Change(body, random);
                if (!Commit.TryParse(changed, isGenesis, hasWraps: round % 2 == 0, out var commit, out var error))
                    Assert.NotEqual(ProtocolError.None, error);
                else if (isGenesis && GenesisReader.TryReadStart(new EnvelopeHeader(envelope), changed, identities, out var start, out _))
                    CommitValidator.TryApply(start, 0, commit, identities, hasWraps: round % 2 == 0, out _, out _);
            }
        }
    }

    [Fact]
    public void Changed_policies_logs_and_envelopes_never_throw()
    {
        var random = new Random(2);
        byte[] policy = Af1Vectors.Root.GetProperty("thread").GetProperty("policies")[1].Hex("bytes");
        byte[] log = Af1Vectors.Root.GetProperty("identityLog").Hex("joined");
        byte[] bundle = Af1Vectors.Root.GetProperty("bundle").Hex("bundle");
        byte[] envelope = Af1Vectors.Root.GetProperty("thread").GetProperty("envelopes")[6].Hex("envelope");
        for (int round = 0; round < Rounds; round++)
        {
            if (!ThreadPolicy.TryParse(Change(policy, random), out var read, out var error))
                Assert.NotEqual(ProtocolError.None, error);
            else
                Assert.True(ThreadPolicy.TryParse(read.Bytes.Span, out _, out _));
            KeyBundle.TryParse(Change(bundle, random), out _, out _);
            EnvelopeView.TryRead(Change(envelope, random), out _, out _);
            EnvelopeView.TryReadExpired(Change(envelope, random), out _, out _);
            RosterEntry.TryRead(Change(policy, random), out _, out _);
            if (round % 20 == 0)
                IdentityLog.TryParse(Change(log, random), out _, out _);
        }
    }

    /// <summary>Some bytes changed, and often an end cut, bytes put in or taken out.</summary>
    private static byte[] Change(byte[] good, Random random)
    {
        List<byte> bytes = [.. good];
        for (int left = random.Next(4); left > 0; left--)
            bytes[random.Next(bytes.Count)] = (byte)(random.Next(3) == 0 ? 255 : random.Next(256));
        switch (random.Next(5))
        {
            case 0:
                bytes.RemoveRange(random.Next(bytes.Count), 1);
                break;
            case 1:
                bytes.InsertRange(random.Next(bytes.Count), new byte[random.Next(1, 40)]);
                break;
            case 2:
                int at = random.Next(bytes.Count);
                bytes.RemoveRange(at, bytes.Count - at);
                break;
        }

        return [.. bytes];
    }

    private sealed class Logs(List<JsonElement> actors) : IIdentitySource
    {
        private readonly List<IdentityLog> _logs = [.. actors.Select(a => IdentityLog.TryParse(a.Hex("log"), out var log, out _) ? log : throw new InvalidOperationException())];

        public IdentityLog? Find(AgentId agent) => _logs.Find(log => log.Agent == agent);
    }
}
