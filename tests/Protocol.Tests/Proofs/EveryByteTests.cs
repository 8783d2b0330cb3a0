using System.Collections.Concurrent;
using AgentFlow.Protocol.Proofs;
using static AgentFlow.Protocol.Tests.Proofs.ProofWorld;

namespace AgentFlow.Protocol.Tests.Proofs;

public sealed class EveryByteTests
{
    public static TheoryData<string> Files => ["one vote", "two votes and a run", "a request in a batch"];

    private static byte[] Make(string file)
    {
        var world = new ProofWorld();
        if (file == "a request in a batch")
            world.SetRequest(Gated(world.FrameBytes), isBatchSigned: true);
        var builder = file == "one vote" ? world.Builder(world.Vote(ManagerA)) : world.Builder(world.Vote(ManagerA), world.Vote(ManagerB, seen: 2));
        return file == "one vote" ? builder.ToArray() : builder.SetRun(new ThreadRun(1, world.Hashes[0], world.ThreadEnvelopes)).ToArray();
    }

    [Theory]
    [InlineData("one vote", 0)]
    [InlineData("two votes and a run", 5)]
    public void A_change_of_any_byte_is_refused(string file, int rotation)
    {
        byte[] good = Make(file);
        Assert.True(Verify(good).IsValid);
        Assert.Empty(AcceptedChanges(good, 0, at => [1 << ((at + rotation) % 8)]));
    }

    [Fact]
    public void A_change_of_any_byte_of_a_batch_path_is_refused()
    {
        byte[] good = Make("a request in a batch");
        int trailer = good.AsSpan().IndexOf(Gated(new ProofWorld().FrameBytes)) + 256;
        Assert.Empty(AcceptedChanges(good, trailer, at => [1 << (at % 8), 255]));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_that_is_cut_lengthened_or_shifted_is_refused(string file)
    {
        byte[] good = Make(file);
        for (int length = 0; length < good.Length; length++)
        {
            // A whole run or vote at the end may be left out: what remains is true, and proves less.
            var verdict = Verify(good[..length]);
            Assert.True(!verdict.IsValid || (file != "one vote" && !verdict.Proof!.IsOrderProven));
        }

        Assert.False(Verify([.. good, 0]).IsValid);
        var accepted = new ConcurrentBag<int>();
        Parallel.For(0, good.Length, at =>
        {
            if (Verify([.. good[..at], .. good[(at + 1)..]]).IsValid || Verify([.. good[..at], 0, .. good[at..]]).IsValid)
                accepted.Add(at);
        });
        Assert.Empty(accepted);
    }

    [Fact]
    public void Hostile_files_never_throw()
    {
        byte[] good = Make("two votes and a run");
        var random = new Random(17);
        for (int i = 0; i < 2_000; i++)
        {
            byte[] changed = good[..random.Next(good.Length + 1)];
            for (int n = random.Next(6); n > 0 && changed.Length > 0; n--)
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            Verify(changed);
        }

        byte[] hugeLength = [.. good[..8], 1, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0];
        Assert.Equal(ProofRefusal.Sections, Verify(hugeLength).Refusal);
        Assert.Equal(ProofRefusal.Format, Verify(new byte[(16 << 20) + 1]).Refusal);
    }

    private static ConcurrentBag<string> AcceptedChanges(byte[] good, int from, Func<int, int[]> masks)
    {
        var accepted = new ConcurrentBag<string>();
        Parallel.For(from, good.Length, at =>
        {
            byte[] changed = [.. good];
            foreach (int mask in masks(at))
            {
                changed[at] = (byte)(good[at] ^ mask);
                if (Verify(changed).IsValid)
                    accepted.Add($"byte {at}, mask {mask}");
            }
        });
        return accepted;
    }
}
