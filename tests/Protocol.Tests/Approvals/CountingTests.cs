using AgentFlow.Protocol.Approvals;
using AgentFlow.Protocol.Identity;
using AgentFlow.Protocol.Tests.Frames;
using static AgentFlow.Protocol.Tests.Approvals.ApprovalWorld;

namespace AgentFlow.Protocol.Tests.Approvals;

public sealed class CountingTests : IDisposable
{
    private readonly ApprovalWorld _world = new();
    private readonly ApprovalBook _book;

    public CountingTests() => _book = new ApprovalBook(_world.Request);

    private ApprovalStatus Status => _book.Evaluate(_world, Now).Status;

    [Fact]
    public void A_yes_of_a_listed_person_meets_the_rule()
    {
        Assert.Equal(ApprovalStatus.Pending, Status);
        Assert.Equal(VoteResult.Counts, _world.Add(_book, 8, _world.Ada));
        var tally = _book.Evaluate(_world, Now);
        Assert.Equal(ApprovalStatus.Met, tally.Status);
        Assert.Equal(_world.Ada.Id, Assert.Single(tally.Votes).Approver);
        Assert.Equal(new RuleTally(1, 1, 1), Assert.Single(tally.Rules));
        Assert.Equal(Now + 3_300_000, tally.ValidUntil);
    }

    public static TheoryData<VoteResult, string> Faults => new()
    {
        { VoteResult.Form, "another thread" },
        { VoteResult.Request, "another request" },
        { VoteResult.Request, "another subject" },
        { VoteResult.Rule, "a rule that does not exist" },
        { VoteResult.Rule, "another quorum" },
        { VoteResult.Key, "an unknown log head" },
        { VoteResult.Key, "a revoked key" },
        { VoteResult.ThreadView, "a view before the request" },
        { VoteResult.ThreadView, "a view at its own position" },
        { VoteResult.ThreadView, "a view that is not ours" },
        { VoteResult.ThreadView, "a view beyond the known thread" },
        { VoteResult.ThreadView, "a negative view" },
        { VoteResult.Time, "from the future" },
        { VoteResult.Time, "expired" },
        { VoteResult.Time, "valid for too long" },
        { VoteResult.Time, "a lifetime that overflows" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_statement_names_the_rule_that_it_fails(VoteResult expected, string fault)
    {
        var result = _world.AddSigned(_book, 8, _world.Ada, s => fault switch
        {
            "another thread" => s with { Thread = new ThreadId(FrameSamples.Pattern(9)) },
            "another request" => s with { RequestEnvelope = FrameSamples.Pattern(9) },
            "another subject" => s with { Subject = FrameSamples.Pattern(9) },
            "a rule that does not exist" => s with { RuleId = 2 },
            "another quorum" => s with { Quorum = 2 },
            "an unknown log head" => s with { LogHead = FrameSamples.Pattern(9) },
            "a revoked key" => Revoked(s),
            "a view before the request" => s with { ThreadPosition = 4, ThreadHash = ThreadHash(4) },
            "a view at its own position" => s with { ThreadPosition = 8, ThreadHash = ThreadHash(8) },
            "a view that is not ours" => s with { ThreadHash = ThreadHash(7) },
            "a view beyond the known thread" => BeyondTheHead(s),
            "a negative view" => s with { ThreadPosition = -1 },
            "from the future" => s with { IssuedAt = Now + 300_001 },
            "expired" => s with { ExpiresAt = Now },
            "valid for too long" => s with { ExpiresAt = s.IssuedAt + Lifetime * 1000L + 1 },
            "a lifetime that overflows" => s with { IssuedAt = long.MinValue, ExpiresAt = long.MaxValue },
            _ => throw new ArgumentOutOfRangeException(nameof(fault)),
        });
        Assert.Equal(expected, result);
        Assert.NotEqual(ApprovalStatus.Met, Status);

        ApprovalStatement BeyondTheHead(ApprovalStatement s)
        {
            _world.Head = 6;
            return s with { ThreadPosition = 7, ThreadHash = ThreadHash(7) };
        }

        ApprovalStatement Revoked(ApprovalStatement s)
        {
            _world.Ada.Revoke();
            return s with { LogHead = _world.Ada.Log.Head };
        }
    }

    [Fact]
    public void A_key_must_outlive_the_statement_that_it_signs()
    {
        using var key = Person.Key(9, 9);
        _world.Ada.Log = IdentityLogWriter.AddKey(_world.Ada.Log, key, KeyUsage.Approve, Now + 1_000_000, _world.Ada.Root, Now);
        var tooLong = SignedApproval.Sign(_world.Statement(_world.Ada) with { ExpiresAt = Now + 1_000_001 }, null, key);
        Assert.Equal(VoteResult.Key, _book.Add(8, tooLong.ToPayload(), _world, Now));
        var inside = SignedApproval.Sign(_world.Statement(_world.Ada) with { ExpiresAt = Now + 1_000_000 }, null, key);
        Assert.Equal(VoteResult.Counts, _book.Add(9, inside.ToPayload(), _world, Now));
    }

    [Fact]
    public void Each_bound_of_time_and_view_is_inclusive_where_it_says_so()
    {
        long ahead = Now + 300_000;
        Assert.Equal(VoteResult.Counts, _world.AddSigned(_book, 8, _world.Ada, s => s with { IssuedAt = ahead, ExpiresAt = ahead + Lifetime * 1000L }));
        Assert.Equal(VoteResult.Counts, _world.AddSigned(_book, 9, _world.Ben, s => s with { ExpiresAt = Now + 1 }));
        Assert.Equal(VoteResult.Counts, _world.AddSigned(_book, 6, _world.Cleo, s => s with { ThreadPosition = 5, ThreadHash = ThreadHash(5) }));
    }

    [Fact]
    public void Nobody_approves_an_own_request()
    {
        var rule = MakeRule(1, 1, true, Lifetime, _world.Ada, _world.Build);
        _world.CurrentPolicy = MakePolicy(rule);
        _world.Request = _world.Request with { Policy = _world.CurrentPolicy };
        var book = new ApprovalBook(_world.Request);
        Assert.Equal(VoteResult.OwnRequest, _world.Add(book, 8, _world.Build));
        Assert.Equal(ApprovalStatus.Pending, book.Evaluate(_world, Now).Status);
    }

    [Fact]
    public void A_forged_signature_is_the_last_rule_and_does_not_count()
    {
        byte[] payload = _world.Payload(_world.Ada);
        payload[383] ^= 1;
        Assert.Equal(VoteResult.Signature, _book.Add(8, payload, _world, Now));
        Assert.Equal(ApprovalStatus.Pending, Status);
    }

    [Fact]
    public void A_person_who_is_not_listed_does_not_count()
    {
        using var dora = new Person("dora", 7);
        Assert.Equal(VoteResult.Rule, _world.Add(_book, 8, dora));
    }

    [Fact]
    public void A_key_of_another_usage_or_of_another_person_does_not_count()
    {
        var withRoot = SignedApproval.Sign(_world.Statement(_world.Ada), null, _world.Ada.Root);
        Assert.Equal(VoteResult.Key, _book.Add(8, withRoot.ToPayload(), _world, Now));
        var withBens = SignedApproval.Sign(_world.Statement(_world.Ada), null, _world.Ben.Approver);
        Assert.Equal(VoteResult.Key, _book.Add(8, withBens.ToPayload(), _world, Now));
        using var device = Person.Key(8, 8);
        _world.Ada.Log = IdentityLogWriter.AddKey(_world.Ada.Log, device, KeyUsage.MessageDevice, 0, _world.Ada.Root, Now);
        var withDevice = SignedApproval.Sign(_world.Statement(_world.Ada), null, device);
        Assert.Equal(VoteResult.Key, _book.Add(8, withDevice.ToPayload(), _world, Now));
    }

    [Fact]
    public void A_yes_ends_to_count_when_its_key_is_revoked()
    {
        _world.Add(_book, 8, _world.Ada);
        Assert.Equal(ApprovalStatus.Met, Status);
        _world.Ada.Revoke();
        Assert.Equal(ApprovalStatus.Pending, Status);
    }

    [Fact]
    public void A_statement_counts_once_the_log_is_known_that_far()
    {
        var known = _world.Ada.Log;
        using var key = Person.Key(9, 9);
        var longer = IdentityLogWriter.AddKey(known, key, KeyUsage.Approve, 0, _world.Ada.Root, Now);
        var approval = SignedApproval.Sign(_world.Statement(_world.Ada) with { LogHead = longer.Head }, null, key);
        Assert.Equal(VoteResult.Key, _book.Add(8, approval.ToPayload(), _world, Now));
        _world.Ada.Log = longer;
        Assert.Equal(ApprovalStatus.Met, Status);
    }

    [Fact]
    public void An_expired_yes_is_no_vote_and_still_the_only_one()
    {
        _world.AddSigned(_book, 8, _world.Ada, s => s with { ExpiresAt = Now + 10 });
        Assert.Equal(ApprovalStatus.Met, Status);
        Assert.Equal(ApprovalStatus.Pending, _book.Evaluate(_world, Now + 10).Status);
        Assert.Equal(VoteResult.LaterVote, _world.AddSigned(_book, 9, _world.Ada, s => s with { Nonce = 2 }));
        Assert.Equal(VoteStanding.Expired, Assert.Single(_book.Evaluate(_world, Now + 10).Votes).Standing);
        Assert.Equal(ApprovalStatus.Pending, _book.Evaluate(_world, Now + 10).Status);
    }

    [Fact]
    public void A_yes_from_a_clock_that_runs_ahead_counts_later()
    {
        Assert.Equal(VoteResult.Time, _world.AddSigned(_book, 8, _world.Ada, s => s with { IssuedAt = Now + 300_001 }));
        Assert.Equal(VoteStanding.NotYet, Assert.Single(_book.Evaluate(_world, Now).Votes).Standing);
        Assert.Equal(ApprovalStatus.Met, _book.Evaluate(_world, Now + 1).Status);
    }

    public void Dispose() => _world.Dispose();
}
