using System.Buffers;
using AgentFlow.Protocol.Approvals;
using AgentFlow.Protocol.Frames;
using AgentFlow.Protocol.Tests.Frames;
using static AgentFlow.Protocol.Tests.Approvals.ApprovalWorld;

namespace AgentFlow.Protocol.Tests.Approvals;

public sealed class ExecutionTests : IDisposable
{
    private static readonly AgentId s_deploy = new(FrameSamples.Pattern(0xD0));
    private static readonly Bytes32 s_claimOfLaptop = FrameSamples.Pattern(0xE1);
    private static readonly Bytes32 s_claimOfServer = FrameSamples.Pattern(0xE2);
    private readonly ApprovalWorld _world = new();
    private readonly ApprovalBook _book;

    public ExecutionTests()
    {
        _world.Request = _world.Request with { Target = s_deploy };
        _book = new ApprovalBook(_world.Request);
    }

    private static ExecutionFacts Facts => new() { Agent = s_deploy, JoinPosition = 1, ProcessedThrough = 20, KnownHead = 20 };

    private ExecutionResult Check(ExecutionFacts facts, long now = Now) => _book.CheckExecution(facts, _world, now, out _);

    private void Claim(long position, Bytes32 envelope, AgentId? agent = null) =>
        _book.AddClaim(new ApprovalClaim(position, agent ?? s_deploy, envelope), _world.Request.Envelope);

    [Fact]
    public void An_agent_claims_and_then_acts()
    {
        Assert.Equal(ExecutionResult.NotMet, Check(Facts));
        _world.Add(_book, 8, _world.Ada);
        Assert.Equal(ExecutionResult.Allowed, Check(Facts));
        Assert.Equal(ExecutionResult.ClaimPending, Check(Facts with { OwnClaim = s_claimOfServer }));
        Claim(21, s_claimOfServer);
        Assert.Equal(ExecutionResult.Allowed, Check(Facts with { OwnClaim = s_claimOfServer, ProcessedThrough = 21, KnownHead = 21 }));
    }

    [Fact]
    public void Of_two_devices_of_one_agent_only_the_lower_claim_acts()
    {
        _world.Add(_book, 8, _world.Ada);
        Claim(21, s_claimOfLaptop);
        Claim(22, s_claimOfServer);
        var facts = Facts with { ProcessedThrough = 22, KnownHead = 22 };
        Assert.Equal(ExecutionResult.Allowed, Check(facts with { OwnClaim = s_claimOfLaptop }));
        Assert.Equal(ExecutionResult.ClaimedElsewhere, Check(facts with { OwnClaim = s_claimOfServer }));
    }

    [Fact]
    public void A_restored_store_that_does_not_know_its_claim_does_not_act_again()
    {
        _world.Add(_book, 8, _world.Ada);
        Claim(21, s_claimOfServer);
        Assert.Equal(ExecutionResult.ClaimedElsewhere, Check(Facts with { ProcessedThrough = 21, KnownHead = 21 }));
    }

    [Fact]
    public void The_claim_of_another_agent_does_not_matter()
    {
        _world.Add(_book, 8, _world.Ada);
        Claim(21, s_claimOfLaptop, new AgentId(FrameSamples.Pattern(0xD1)));
        Claim(22, s_claimOfServer);
        Assert.Equal(ExecutionResult.Allowed, Check(Facts with { OwnClaim = s_claimOfServer, ProcessedThrough = 22, KnownHead = 22 }));
    }

    [Fact]
    public void A_claim_of_another_request_below_the_request_or_seen_before_is_none()
    {
        Assert.False(_book.AddClaim(new ApprovalClaim(21, s_deploy, s_claimOfServer), FrameSamples.Pattern(0x77)));
        Assert.False(_book.AddClaim(new ApprovalClaim(5, s_deploy, s_claimOfServer), _world.Request.Envelope));
        Assert.True(_book.AddClaim(new ApprovalClaim(21, s_deploy, s_claimOfServer), _world.Request.Envelope));
        Assert.False(_book.AddClaim(new ApprovalClaim(21, s_deploy, s_claimOfServer), _world.Request.Envelope));
        Assert.Single(_book.Claims);
    }

    [Fact]
    public void Only_the_target_acts_and_only_on_what_came_after_it_joined()
    {
        _world.Add(_book, 8, _world.Ada);
        Assert.Equal(ExecutionResult.NotTarget, Check(Facts with { Agent = _world.Ben.Id }));
        Assert.Equal(ExecutionResult.JoinedLater, Check(Facts with { JoinPosition = RequestPosition + 1 }));
        Assert.Equal(ExecutionResult.Allowed, Check(Facts with { JoinPosition = RequestPosition }));
        var anyone = new ApprovalBook(_world.Request with { Target = null });
        _world.Add(anyone, 8, _world.Ada);
        Assert.Equal(ExecutionResult.Allowed, anyone.CheckExecution(Facts with { Agent = _world.Ben.Id }, _world, Now, out _));
    }

    [Fact]
    public void Nobody_acts_while_a_withdrawal_may_be_unread()
    {
        _world.Add(_book, 8, _world.Ada);
        Assert.Equal(ExecutionResult.Unprocessed, Check(Facts with { KnownHead = 21 }));
        Assert.Equal(ExecutionResult.Unreadable, Check(Facts with { FirstUnreadableAfterRequest = 12 }));
    }

    [Fact]
    public void What_stands_behind_the_own_claim_comes_too_late()
    {
        _world.Add(_book, 8, _world.Ada);
        Claim(21, s_claimOfServer);
        _world.Add(_book, 22, _world.Ada, Decision.Withdraw);
        _world.Add(_book, 23, _world.Ben, Decision.No);
        var facts = Facts with { OwnClaim = s_claimOfServer, ProcessedThrough = 21, KnownHead = 30, FirstUnreadableAfterRequest = 24 };
        Assert.Equal(ExecutionResult.Allowed, Check(facts));
    }

    [Theory]
    [InlineData(Decision.Withdraw)]
    [InlineData(Decision.No)]
    public void What_stands_before_the_own_claim_stops_it(Decision decision)
    {
        _world.Add(_book, 8, _world.Ada);
        _world.Add(_book, 20, decision == Decision.No ? _world.Ben : _world.Ada, decision);
        Claim(21, s_claimOfServer);
        Assert.Equal(ExecutionResult.NotMet, Check(Facts with { OwnClaim = s_claimOfServer, ProcessedThrough = 21, KnownHead = 21 }));
    }

    [Fact]
    public void A_claim_keeps_no_vote_from_expiring_and_no_key_from_being_revoked()
    {
        _world.Add(_book, 8, _world.Ada);
        Claim(21, s_claimOfServer);
        var facts = Facts with { OwnClaim = s_claimOfServer, ProcessedThrough = 21, KnownHead = 21 };
        Assert.Equal(ExecutionResult.NotMet, Check(facts, Now + 3_300_000));
        _world.Ada.Revoke();
        Assert.Equal(ExecutionResult.NotMet, Check(facts));
    }

    [Fact]
    public void A_vote_behind_the_own_claim_does_not_help_it()
    {
        Claim(21, s_claimOfServer);
        _world.Add(_book, 22, _world.Ada);
        Assert.Equal(ExecutionResult.NotMet, Check(Facts with { OwnClaim = s_claimOfServer, ProcessedThrough = 22, KnownHead = 22 }));
    }

    [Fact]
    public void A_book_reads_back_from_its_state_and_answers_the_same()
    {
        _world.Add(_book, 8, _world.Ada);
        _world.Add(_book, 9, _world.Ben, Decision.Withdraw);
        _book.Add(10, _world.Payload(_world.Cleo, Decision.Abstain, reason: "not mine"), _world, Now);
        Claim(21, s_claimOfServer);
        byte[] state = State(_book);
        Assert.True(ApprovalBook.TryReadState(state, out var read));
        Assert.Equal(state, State(read!));
        Assert.Equal(_book.Evaluate(_world, Now).Status, read!.Evaluate(_world, Now).Status);
        Assert.Equal("not mine", read.Evaluate(_world, Now).Votes.Single(v => v.Approver == _world.Cleo.Id).Approval.Reason);
        Assert.Equal(s_claimOfServer, read.FindClaim(s_deploy)!.Envelope);
        Assert.Equal(VoteResult.Copy, _world.Add(read, 8, _world.Ada));
        Assert.Equal(VoteResult.Withdrawn, _world.Add(read, 30, _world.Ben, Decision.Yes, 7));
    }

    [Fact]
    public void A_state_that_is_cut_or_changed_never_throws()
    {
        _world.Add(_book, 8, _world.Ada);
        Claim(21, s_claimOfServer);
        byte[] state = State(_book);
        for (int length = 0; length < state.Length; length++)
            Assert.False(ApprovalBook.TryReadState(state.AsSpan(0, length), out _));
        var random = new Random(11);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] changed = [.. state];
            changed[random.Next(changed.Length)] = (byte)random.Next(256);
            ApprovalBook.TryReadState(changed, out _);
        }
    }

    [Fact]
    public void A_claim_frame_holds_the_request_and_nothing_else()
    {
        byte[] plaintext = FrameSamples.Gated(BuiltInContracts.Header(BuiltInContracts.Claim), ApprovalClaim.ToPayload(_world.Request.Envelope), default);
        Assert.True(Frame.TryRead(plaintext.AsSpan(1), out var frame, out _));
        Assert.True(ApprovalClaim.TryParse(frame, out var claimed));
        Assert.Equal(_world.Request.Envelope, claimed);

        byte[] longer = FrameSamples.Gated(BuiltInContracts.Header(BuiltInContracts.Claim), new byte[33], default);
        Assert.True(Frame.TryRead(longer.AsSpan(1), out frame, out _));
        Assert.False(ApprovalClaim.TryParse(frame, out _));
    }

    [Fact]
    public void Dispose() => _world.Dispose();

    private static byte[] State(ApprovalBook book)
    {
        var writer = new ArrayBufferWriter<byte>();
        book.WriteState(writer);
        return writer.WrittenSpan.ToArray();
    }
}
