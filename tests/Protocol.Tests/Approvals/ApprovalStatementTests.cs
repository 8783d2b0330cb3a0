using AgentFlow.Protocol.Approvals;
using AgentFlow.Protocol.Tests.Frames;

namespace AgentFlow.Protocol.Tests.Approvals;

public sealed class ApprovalStatementTests : IDisposable
{
    private readonly ApprovalWorld _world = new();

    private ApprovalStatement Sample => _world.Statement(_world.Ada) with
    {
        Decision = Decision.No,
        RuleId = 0xA1,
        Quorum = 0xA2,
        Thread = new ThreadId(FrameSamples.Pattern(0x10)),
        RequestEnvelope = FrameSamples.Pattern(0x20),
        Subject = FrameSamples.Pattern(0x30),
        Approver = new AgentId(FrameSamples.Pattern(0x40)),
        ApproverKey = FrameSamples.Pattern(0x50),
        LogHead = FrameSamples.Pattern(0x60),
        IssuedAt = 0x0102030405060708,
        ExpiresAt = 0x1112131415161718,
        ThreadPosition = 0x2122232425262728,
        ThreadHash = FrameSamples.Pattern(0x70),
        ReasonHash = FrameSamples.Pattern(0x80),
        Nonce = new UInt128(0x3132333435363738, 0x4142434445464748),
    };

    [Fact]
    public void A_statement_has_exactly_the_documented_bytes()
    {
        byte[] bytes = new byte[ApprovalStatement.Size];
        Sample.Write(bytes);
        string expected = "41463120617070726f76616c00000000" + "0102a1a2" + "00000000"
            + Hex(0x10) + Hex(0x20) + Hex(0x30) + Hex(0x40) + Hex(0x50) + Hex(0x60)
            + "0807060504030201" + "1817161514131211" + "2827262524232221" + Hex(0x70) + Hex(0x80)
            + "31323334353637384142434445464748";
        Assert.Equal(expected, Convert.ToHexStringLower(bytes));
        Assert.True(ApprovalStatement.TryParse(bytes, out var read, out _));
        Assert.Equal(Sample, read);
    }

    [Fact]
    public void A_statement_of_any_other_length_is_refused()
    {
        byte[] bytes = new byte[ApprovalStatement.Size + 1];
        Sample.Write(bytes);
        for (int length = 0; length <= bytes.Length; length++)
            Assert.Equal(length == ApprovalStatement.Size, ApprovalStatement.TryParse(bytes.AsSpan(0, length), out _, out _));
    }

    [Theory]
    [InlineData(0, (byte)'B')]
    [InlineData(15, 1)]
    [InlineData(16, 0)]
    [InlineData(16, 2)]
    [InlineData(17, 0)]
    [InlineData(17, 5)]
    [InlineData(20, 1)]
    [InlineData(23, 0x80)]
    public void A_statement_with_another_label_version_decision_or_reserved_byte_is_refused(int offset, byte value)
    {
        byte[] bytes = new byte[ApprovalStatement.Size];
        Sample.Write(bytes);
        bytes[offset] = value;
        Assert.False(ApprovalStatement.TryParse(bytes, out _, out var error));
        Assert.Equal(ProtocolError.Approval, error);
    }

    [Fact]
    public void A_signature_covers_every_bit_of_the_statement_and_of_itself()
    {
        byte[] payload = _world.Payload(_world.Ada, reason: "ticket OPS-311");
        Assert.True(SignedApproval.TryParse(payload, out var good, out _));
        Assert.True(good!.IsSignatureValid);
        for (int bit = 0; bit < SignedApproval.SignedSize * 8; bit++)
        {
            payload[bit / 8] ^= (byte)(1 << (bit % 8));
            if (SignedApproval.TryParse(payload, out var changed, out _))
                Assert.False(changed!.IsSignatureValid, $"bit {bit}");
            payload[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void A_reason_is_only_the_signers_if_its_hash_was_signed()
    {
        byte[] payload = _world.Payload(_world.Ada, reason: "ticket OPS-311");
        Assert.True(SignedApproval.TryParse(payload, out var read, out _));
        Assert.Equal("ticket OPS-311", read!.Reason);
        Assert.Equal(payload, read.ToPayload());

        payload[^1] ^= 1;
        Assert.True(SignedApproval.TryParse(payload, out var changed, out _));
        Assert.Null(changed!.Reason);
        Assert.True(changed.IsSignatureValid);

        Assert.True(SignedApproval.TryParse([.. _world.Payload(_world.Ada), (byte)'x'], out var added, out _));
        Assert.Null(added!.Reason);
    }

    [Fact]
    public void An_id_and_a_digest_read_back_from_their_text()
    {
        var hash = FrameSamples.Pattern(0xA0);
        Assert.Equal("af1:" + Hex(0xA0), ApprovalDigest.ToText(hash));
        Assert.True(ApprovalDigest.TryParse(ApprovalDigest.ToText(hash), out var digest));
        Assert.Equal(hash, digest);
        var id = ApprovalId.Of(hash);
        Assert.Equal(30, id.ToString().Length);
        Assert.Equal(id, ApprovalId.Parse(id.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("af1:")]
    [InlineData("AF1:a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebf")]
    [InlineData("af1:A0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebf")]
    [InlineData("af1:a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbeb")]
    [InlineData("af1:g0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebf")]
    public void A_text_that_is_not_a_digest_is_refused(string text) => Assert.False(ApprovalDigest.TryParse(text, out _));

    [Fact]
    public void Random_payloads_never_throw()
    {
        var random = new Random(3);
        byte[] good = _world.Payload(_world.Ada, reason: "why");
        var book = new ApprovalBook(_world.Request);
        for (int i = 0; i < 5_000; i++)
        {
            byte[] payload = [.. good.AsSpan(0, random.Next(i % 2 == 0 ? good.Length : good.Length + 1))];
            for (int n = random.Next(4); n > 0 && payload.Length > 0; n--)
                payload[random.Next(payload.Length)] = (byte)random.Next(256);
            book.Add(random.NextInt64(), payload, _world, random.NextInt64(long.MinValue, long.MaxValue));
        }
    }

    public void Dispose() => _world.Dispose();

    private static string Hex(byte first) => FrameSamples.Pattern(first).ToString();
}
