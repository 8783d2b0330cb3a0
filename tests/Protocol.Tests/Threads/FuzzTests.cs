using AgentFlow.Protocol.Buffers;
using AgentFlow.Protocol.Envelopes;
using AgentFlow.Protocol.Identity;
using AgentFlow.Protocol.Threads;

namespace AgentFlow.Protocol.Tests.Threads;

/// <summary>Valid bytes, damaged in many ways by a seeded generator: every parser answers, and none throws.</summary>
public sealed class FuzzTests : IDisposable
{
    private const int Rounds = 3000;
    private readonly TestThread _thread = new();

    public void Dispose() => _thread.Dispose();

    [Fact]
    public void Identity_logs_survive() => Run(1, _thread.Bob.Log.Bytes.Span, 300, static bytes => IdentityLog.TryParse(bytes, out _, out _));

    [Fact]
    public void Key_bundles_survive() => Run(2, _thread.Bob.Bundle.Bytes.Span, Rounds, static bytes => KeyBundle.TryParse(bytes, out _, out _));

    [Fact]
    public void Roster_entries_survive()
    {
        byte[] entry = new byte[RosterEntry.Size];
        _thread.A.Entry.Write(entry);
        Run(3, entry, Rounds, static bytes => RosterEntry.TryRead(bytes, out _, out _));
    }

    [Fact]
    public void Policies_survive()
    {
        var rules = Enumerable.Range(1, 3).Select(i => new PolicyRule(new ContractId(5), 1, (byte)i, 1, true, 60, [_thread.Alice.Agent, _thread.Bob.Agent]));
        Run(4, ThreadPolicy.Create(rules).Bytes.Span, Rounds, static bytes => ThreadPolicy.TryParse(bytes, out _, out _));
    }

    [Fact]
    public void Commits_survive()
    {
        Assert.True(EnvelopeView.TryRead(_thread.Genesis.Envelope.Span, out var view, out _));
        Run(5, view.Body, Rounds, static bytes =>
        {
            Commit.TryParse(bytes, isGenesis: true, hasWraps: true, out _, out _);
            Commit.TryParse(bytes, isGenesis: false, hasWraps: false, out _, out _);
        });
    }

    [Fact]
    public void First_envelopes_survive() => Run(6, _thread.Genesis.Envelope.Span, 500, bytes => PublicThread.TryStart(bytes, _thread.Checks, out _, out _));

    [Fact]
    public void Envelopes_survive()
    {
        using var plaintext = new PooledBuffer();
        Run(7, _thread.Seal(_thread.B, "x"), 1000, bytes =>
        {
            _thread.Hub.TryCheck(bytes, _thread.Checks, out _, out _);
            _thread.A.Open(2, bytes, isExpired: false, plaintext, _thread.Checks);
            EnvelopeView.TryReadExpired(bytes, out _, out _);
            EquivocationEvidence.TryVerify(default, default, bytes, bytes, out _);
        });
        Assert.Equal(1, _thread.A.Thread.Position);
    }

    [Fact]
    public void Signed_bodies_of_any_content_never_wedge_the_thread()
    {
        var random = new Random(8);
        for (int i = 0; i < 200; i++)
        {
            using var buffer = new PooledBuffer();
            buffer.SetLength(192 + 256);
            random.NextBytes(buffer.WrittenSpan[192..]);
            buffer.WrittenSpan[192] = (byte)random.Next(4);
            _thread.B.Seal(buffer, _thread.Bob.Device, new SealOptions(TestActor.Now));
            Assert.True(_thread.Open(_thread.A, buffer.WrittenSpan, OpenMode.Final).HasAdvanced);
        }

        byte[] good = _thread.Seal(_thread.B, "still here");
        Assert.Equal(OpenOutcome.Opened, _thread.Open(_thread.A, good).Outcome);
    }

    [Fact]
    public void Stored_states_survive()
    {
        _thread.Seal(_thread.A, "in flight");
        Run(9, TestThread.StateOf(_thread.A), 1000, static bytes =>
        {
            if (ThreadMember.TryReadState(bytes, out var member))
                member.Dispose();
        });
        using var buffer = new PooledBuffer();
        _thread.Hub.WriteState(buffer);
        Run(10, buffer.WrittenSpan, 1000, static bytes => PublicThread.TryReadState(bytes, out _));
    }

    [Fact]
    public void Addresses_survive()
    {
        var random = new Random(11);
        string good = new AgentAddress("build", "hub.example", _thread.Alice.Agent).ToString();
        for (int i = 0; i < Rounds; i++)
        {
            char[] text = good.ToCharArray();
            text[random.Next(text.Length)] = (char)random.Next(0x300);
            AgentAddress.TryParse(new string(text, 0, random.Next(text.Length + 1)), out _);
        }
    }

    private static void Run(int seed, ReadOnlySpan<byte> good, int rounds, Action<byte[]> parse)
    {
        var random = new Random(seed);
        for (int i = 0; i < rounds; i++)
        {
            byte[] bytes = good.ToArray();
            for (int changes = random.Next(1, 5); changes > 0; changes--)
                Damage(random, ref bytes);
            if (!bytes.AsSpan().SequenceEqual(good))
                parse(bytes);
        }
    }

    private static void Damage(Random random, ref byte[] bytes)
    {
        int at = random.Next(Math.Max(bytes.Length, 1));
        switch (random.Next(6))
        {
            case 0 when bytes.Length > 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
            case 1 when bytes.Length > 0: bytes[at] = (byte)random.Next(256); break;
            case 2: bytes.AsSpan(at, Math.Min(4, bytes.Length - at)).Fill(0xFF); break;
            case 3: bytes = bytes[..at]; break;
            case 4: bytes = [.. bytes[..at], .. bytes[Math.Min(at + random.Next(40), bytes.Length)..]]; break;
            default: bytes = [.. bytes, .. new byte[random.Next(40)]]; break;
        }
    }
}
