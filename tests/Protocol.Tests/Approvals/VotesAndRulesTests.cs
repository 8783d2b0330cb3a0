using AgentFlow.Protocol.Approvals;
using AgentFlow.Protocol.Identity;
using AgentFlow.Protocol.Tests.Frames;
using AgentFlow.Protocol.Threads;
using static AgentFlow.Protocol.Tests.Approvals.ApprovalWorld;

namespace AgentFlow.Protocol.Tests.Approvals;

public sealed class VotesAndRulesTests : IDisposable
{
    private readonly ApprovalWorld _world = new(quorum: 2);
    private readonly ApprovalBook _book;

    public VotesAndRulesTests() => _book = new ApprovalBook(_world.Request);

    private ApprovalStatus Status => _book.Evaluate(_world, Now).Status;

    private static ApprovalStatus Count(ApprovalWorld world, ApprovalBook book) => book.Evaluate(world, Now).Status;

    [Fact]
    public void A_quorum_is_of_distinct_people()
    {
        Assert.Equal(VoteResult.Counts, _world.Add(_book, 8, _world.Ada));
        Assert.Equal(VoteResult.LaterVote, _world.Add(_book, 9, _world.Ada, nonce: 2));
        Assert.Equal(ApprovalStatus.Pending, Status);
        Assert.Equal(VoteResult.Counts, _world.Add(_book, 10, _world.Ben));
        Assert.Equal(ApprovalStatus.Met, Status);
    }

    [Fact]
    public void A_second_key_of_a_person_makes_no_second_vote()
    {
        using var second = Person.Key(9, 9);
        _world.Ada.Log = IdentityLogWriter.AddKey(_world.Ada.Log, second, KeyUsage.Approve, 0, _world.Ada.Root, Now);
        _world.Add(_book, 8, _world.Ada);
        var other = SignedApproval.Sign(_world.Statement(_world.Ada, nonce: 2), null, second);
        Assert.Equal(VoteResult.LaterVote, _book.Add(9, other.ToPayload(), _world, Now));
        Assert.Equal(ApprovalStatus.Pending, Status);
    }

    [Theory]
    [InlineData(Decision.Yes)]
    [InlineData(Decision.Withdraw)]
    public void Statements_of_invented_keys_do_not_make_the_book_grow(Decision decision)
    {
        using var stranger = Person.Key(9, 9);
        for (int i = 0; i < 100; i++)
        {
            var invented = _world.Statement(_world.Ada, decision, nonce: (byte)i);
            Assert.Equal(VoteResult.Key, _book.Add(8 + i, SignedApproval.Sign(invented, null, stranger).ToPayload(), _world, Now));
            var ofUnknownHead = invented with { LogHead = FrameSamples.Pattern((byte)i) };
            Assert.Equal(VoteResult.Key, _book.Add(8 + i, SignedApproval.Sign(ofUnknownHead, null, stranger).ToPayload(), _world, Now));
            var ofNobody = ofUnknownHead with { Approver = new AgentId(FrameSamples.Pattern((byte)i).Span) };
            Assert.NotEqual(VoteResult.Counts, _book.Add(8 + i, SignedApproval.Sign(ofNobody, null, stranger).ToPayload(), _world, Now));
        }

        Assert.Equal(ApprovalBook.UnknownKept, _book.Statements.Count);
        Assert.Equal(VoteResult.Counts, _world.Add(_book, 99, _world.Ada));
    }

    [Fact]
    public void Later_votes_of_a_person_and_later_claims_of_an_agent_are_not_kept()
    {
        for (int i = 0; i < 100; i++)
        {
            _world.Add(_book, 8 + i, _world.Ada, nonce: (byte)i);
            _world.Add(_book, 8 + i, _world.Ben, Decision.Withdraw, nonce: (byte)i);
            _book.AddClaim(new ApprovalClaim(200 - i, _world.Build.Id, FrameSamples.Pattern((byte)i)), _world.Request.Envelope);
        }

        Assert.Equal(2, _book.Statements.Count);
        Assert.Equal(101, Assert.Single(_book.Claims).Position);
    }

    [Fact]
    public void A_copy_is_ignored_wherever_it_stands()
    {
        byte[] payload = _world.Payload(_world.Ada);
        Assert.Equal(VoteResult.Counts, _book.Add(8, payload, _world, Now));
        Assert.Equal(VoteResult.Copy, _book.Add(8, payload, _world, Now));
        Assert.Equal(VoteResult.Copy, _book.Add(9, payload, _world, Now));
        Assert.Equal(ApprovalStatus.Pending, Status);
    }

    [Fact]
    public void The_first_vote_counts_and_later_ones_do_not()
    {
        _world.Add(_book, 8, _world.Ada, Decision.Abstain);
        Assert.Equal(VoteResult.LaterVote, _world.Add(_book, 9, _world.Ada, Decision.Yes, nonce: 2));
        Assert.Equal(VoteResult.LaterVote, _world.Add(_book, 10, _world.Ada, Decision.No, nonce: 3));
        Assert.Equal(Decision.Abstain, Assert.Single(_book.Evaluate(_world, Now).Votes).Decision);
    }

    [Fact]
    public void A_withdrawal_ends_every_vote_of_its_person_before_and_after()
    {
        _world.Add(_book, 8, _world.Ada);
        _world.Add(_book, 9, _world.Ben);
        Assert.Equal(ApprovalStatus.Met, Status);
        Assert.Equal(VoteResult.Counts, _world.Add(_book, 10, _world.Ada, Decision.Withdraw, nonce: 2));
        Assert.Equal(ApprovalStatus.Pending, Status);
        Assert.Equal(VoteResult.Copy, _world.Add(_book, 11, _world.Ada));
        Assert.Equal(VoteResult.Withdrawn, _world.Add(_book, 12, _world.Ada, Decision.Yes, nonce: 3));
        Assert.Equal(ApprovalStatus.Pending, Status);
        Assert.Equal(VoteResult.Counts, _world.Add(_book, 13, _world.Cleo));
        Assert.Equal(ApprovalStatus.Met, Status);
    }

    [Fact]
    public void A_withdrawal_needs_neither_rule_nor_time()
    {
        _world.Add(_book, 8, _world.Ada);
        Assert.Equal(VoteResult.Counts, _world.AddSigned(_book, 9, _world.Ada, s => s with
        {
            Decision = Decision.Withdraw, RuleId = 77, Quorum = 0, IssuedAt = 0, ExpiresAt = 0,
        }));
        Assert.Empty(_book.Evaluate(_world, Now).Votes);
    }

    [Fact]
    public void A_withdrawal_stays_when_its_key_is_revoked_afterwards()
    {
        using var second = Person.Key(9, 9);
        _world.Ada.Log = IdentityLogWriter.AddKey(_world.Ada.Log, second, KeyUsage.Approve, 0, _world.Ada.Root, Now);
        _book.Add(8, SignedApproval.Sign(_world.Statement(_world.Ada), null, second).ToPayload(), _world, Now);
        _world.Add(_book, 9, _world.Ada, Decision.Withdraw);
        _world.Ada.Revoke();
        Assert.Empty(_book.Evaluate(_world, Now).Votes);
    }

    [Fact]
    public void A_withdrawal_by_a_revoked_key_does_not_count()
    {
        _world.Add(_book, 8, _world.Ada);
        using var second = Person.Key(9, 9);
        _world.Ada.Log = IdentityLogWriter.AddKey(_world.Ada.Log, second, KeyUsage.Approve, 0, _world.Ada.Root, Now);
        _world.Ada.Log = IdentityLogWriter.RevokeKey(_world.Ada.Log, second.PublicKey, 1, 0, _world.Ada.Root, Now);
        var withdrawal = SignedApproval.Sign(_world.Statement(_world.Ada, Decision.Withdraw, 2), null, second);
        Assert.Equal(VoteResult.Key, _book.Add(9, withdrawal.ToPayload(), _world, Now));
        Assert.Single(_book.Evaluate(_world, Now).Votes);
    }

    [Fact]
    public void One_no_refuses_where_a_no_ends()
    {
        _world.Add(_book, 8, _world.Ada);
        _world.Add(_book, 9, _world.Ben);
        Assert.Equal(VoteResult.Counts, _world.AddSigned(_book, 10, _world.Cleo, s => s with { Decision = Decision.No, ExpiresAt = 0 }));
        Assert.Equal(ApprovalStatus.Refused, Status);
    }

    [Theory]
    [InlineData(false, false, ApprovalStatus.Pending)]
    [InlineData(true, false, ApprovalStatus.Refused)]
    [InlineData(false, true, ApprovalStatus.Refused)]
    public void A_no_ends_if_either_policy_says_so(bool atRequest, bool now, ApprovalStatus expected)
    {
        using var world = new ApprovalWorld(quorum: 2, denyEnds: atRequest);
        world.CurrentPolicy = MakePolicy(MakeRule(1, 2, now, Lifetime, world.Ada, world.Ben, world.Cleo));
        var book = new ApprovalBook(world.Request);
        world.Add(book, 8, world.Ada, Decision.No);
        Assert.Equal(expected, Count(world, book));
    }

    [Fact]
    public void A_raised_quorum_binds_a_request_that_is_open()
    {
        using var world = new ApprovalWorld();
        var book = new ApprovalBook(world.Request);
        world.Add(book, 8, world.Ada);
        Assert.Equal(ApprovalStatus.Met, Count(world, book));
        world.CurrentPolicy = MakePolicy(MakeRule(1, 2, true, Lifetime, world.Ada, world.Ben, world.Cleo));
        Assert.Equal(ApprovalStatus.Pending, Count(world, book));
        Assert.Equal(VoteResult.Counts, world.Add(book, 9, world.Ben));
        Assert.Equal(ApprovalStatus.Met, Count(world, book));
    }

    [Fact]
    public void A_policy_that_were_looser_now_would_not_loosen_a_request()
    {
        _world.CurrentPolicy = MakePolicy(MakeRule(1, 1, false, Lifetime * 10, _world.Ada, _world.Ben, _world.Cleo));
        _world.Add(_book, 8, _world.Ada);
        Assert.Equal(ApprovalStatus.Pending, Status);
        Assert.Equal(VoteResult.Time, _world.AddSigned(_book, 9, _world.Ben, s => s with { ExpiresAt = s.IssuedAt + Lifetime * 1000L + 1 }));
        Assert.Equal(ApprovalStatus.Exhausted, _book.Evaluate(_world, Now + 10_000_000).Status);
        _world.Add(_book, 10, _world.Cleo, Decision.No);
        Assert.Equal(ApprovalStatus.Refused, Status);
    }

    [Fact]
    public void A_person_who_was_removed_from_the_policy_no_longer_counts()
    {
        _world.Add(_book, 8, _world.Ada);
        _world.Add(_book, 9, _world.Ben);
        _world.CurrentPolicy = MakePolicy(MakeRule(1, 2, true, Lifetime, _world.Ben, _world.Cleo));
        Assert.Equal(ApprovalStatus.Pending, Status);
        Assert.Equal(VoteResult.Rule, _world.Add(_book, 10, _world.Ada, nonce: 2));
    }

    [Fact]
    public void A_shortened_lifetime_ends_a_vote_that_was_made_for_longer()
    {
        using var world = new ApprovalWorld();
        var book = new ApprovalBook(world.Request);
        world.Add(book, 8, world.Ada);
        world.CurrentPolicy = MakePolicy(MakeRule(1, 1, true, 3599, world.Ada, world.Ben, world.Cleo));
        Assert.Equal(ApprovalStatus.Pending, Count(world, book));
        Assert.Equal(TimeSpan.FromSeconds(3599), world.Request.Lifetime(world.CurrentPolicy));
    }

    [Fact]
    public void Every_rule_must_be_met_and_a_person_votes_for_one_only()
    {
        using var world = new ApprovalWorld();
        world.CurrentPolicy = MakePolicy(world.Rule, MakeRule(2, 1, true, Lifetime, world.Ada, world.Ben));
        world.Request = world.Request with { Policy = world.CurrentPolicy };
        var book = new ApprovalBook(world.Request);
        world.Add(book, 8, world.Ada);
        Assert.Equal(ApprovalStatus.Pending, Count(world, book));
        Assert.Equal(VoteResult.LaterVote, world.AddSigned(book, 9, world.Ada, s => s with { RuleId = 2 }));
        Assert.Equal(ApprovalStatus.Pending, Count(world, book));
        Assert.Equal(VoteResult.Rule, world.AddSigned(book, 10, world.Cleo, s => s with { RuleId = 2 }));
        Assert.Equal(VoteResult.Counts, world.AddSigned(book, 11, world.Ben, s => s with { RuleId = 2 }));
        Assert.Equal(ApprovalStatus.Met, Count(world, book));
    }

    [Fact]
    public void A_rule_that_came_after_the_request_cannot_be_met()
    {
        using var world = new ApprovalWorld();
        var book = new ApprovalBook(world.Request);
        world.Add(book, 8, world.Ada);
        world.CurrentPolicy = MakePolicy(world.Rule, MakeRule(2, 1, true, Lifetime, world.Ben));
        Assert.Equal(VoteResult.Rule, world.AddSigned(book, 9, world.Ben, s => s with { RuleId = 2 }));
        Assert.Equal(ApprovalStatus.Impossible, Count(world, book));
        Assert.Null(world.Request.Lifetime(world.CurrentPolicy));
    }

    [Fact]
    public void A_contract_without_a_rule_never_runs()
    {
        using var world = new ApprovalWorld();
        world.CurrentPolicy = MakePolicy();
        world.Request = world.Request with { Policy = world.CurrentPolicy };
        Assert.Equal(ApprovalStatus.Impossible, Count(world, new ApprovalBook(world.Request)));
    }

    [Fact]
    public void A_rule_of_another_version_of_the_contract_is_another_rule()
    {
        using var world = new ApprovalWorld();
        var book = new ApprovalBook(world.Request with { Major = 2 });
        Assert.Equal(VoteResult.Rule, world.Add(book, 8, world.Ada));
        Assert.Equal(ApprovalStatus.Impossible, Count(world, book));
    }

    [Fact]
    public void A_request_with_too_few_people_left_is_exhausted()
    {
        _world.Add(_book, 8, _world.Ada, Decision.Abstain);
        Assert.Equal(ApprovalStatus.Pending, Status);
        _world.Add(_book, 9, _world.Ben, Decision.Withdraw);
        Assert.Equal(ApprovalStatus.Exhausted, Status);
    }

    public void Dispose() => _world.Dispose();
}
