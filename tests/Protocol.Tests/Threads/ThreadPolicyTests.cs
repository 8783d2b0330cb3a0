using AgentFlow.Protocol.Threads;

namespace AgentFlow.Protocol.Tests.Threads;

public sealed class ThreadPolicyTests
{
    private static readonly AgentId s_a = new(Enumerable.Repeat((byte)1, 32).ToArray());
    private static readonly AgentId s_b = new(Enumerable.Repeat((byte)2, 32).ToArray());
    private static readonly ContractId s_deploy = new(7);

    [Fact]
    public void A_policy_reads_back_as_it_was_written()
    {
        var policy = ThreadPolicy.Create([Rule(ruleId: 2), Rule(ruleId: 1)], default, 3600, 1000);
        Assert.True(ThreadPolicy.TryParse(policy.Bytes.Span, out var read, out _));
        Assert.Equal(policy.Hash, read.Hash);
        Assert.Equal([1, 2], read.Rules.Select(rule => (int)rule.RuleId));
        Assert.Equal((3600u, 1000u), (read.MaxEpochSeconds, read.MaxEpochMessages));
        var rule = read.FindRule(s_deploy, 1, 2)!;
        Assert.Equal([s_a, s_b], rule.Approvers);
        Assert.Equal((2, true, 600u), ((int)rule.Quorum, rule.DenyEnds, rule.MaxLifetimeSeconds));
        Assert.True(rule.Allows(s_b));
        Assert.False(rule.Allows(default));
    }

    [Fact]
    public void One_requirement_has_one_rule()
    {
        Assert.Throws<ArgumentException>(() => ThreadPolicy.Create([Rule(), Rule(quorum: 1)]));
        Assert.Throws<ArgumentException>(() => Rule(approvers: [s_a, s_a]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Rule(quorum: 0));
    }

    [Theory]
    [InlineData("same", true)]
    [InlineData("more rules", true)]
    [InlineData("higher quorum", true)]
    [InlineData("lower quorum", false)]
    [InlineData("shorter lifetime", true)]
    [InlineData("longer lifetime", false)]
    [InlineData("deny stops to end", false)]
    [InlineData("fewer approvers", true)]
    [InlineData("another approver", false)]
    [InlineData("rule gone", false)]
    [InlineData("shorter epoch", true)]
    [InlineData("longer epoch", false)]
    [InlineData("more messages", false)]
    [InlineData("other catalogue", false)]
    public void A_policy_only_tightens(string change, bool expected)
    {
        var before = ThreadPolicy.Create([Rule()], default, 3600, 1000);
        var after = change switch
        {
            "same" => before,
            "more rules" => ThreadPolicy.Create([Rule(), Rule(ruleId: 2)], default, 3600, 1000),
            "higher quorum" => ThreadPolicy.Create([Rule(quorum: 3)], default, 3600, 1000),
            "lower quorum" => ThreadPolicy.Create([Rule(quorum: 1)], default, 3600, 1000),
            "shorter lifetime" => ThreadPolicy.Create([Rule(lifetime: 599)], default, 3600, 1000),
            "longer lifetime" => ThreadPolicy.Create([Rule(lifetime: 601)], default, 3600, 1000),
            "deny stops to end" => ThreadPolicy.Create([Rule(denyEnds: false)], default, 3600, 1000),
            "fewer approvers" => ThreadPolicy.Create([Rule(approvers: [s_a])], default, 3600, 1000),
            "another approver" => ThreadPolicy.Create([Rule(approvers: [s_a, default])], default, 3600, 1000),
            "rule gone" => ThreadPolicy.Create([], default, 3600, 1000),
            "shorter epoch" => ThreadPolicy.Create([Rule()], default, 3599, 999),
            "longer epoch" => ThreadPolicy.Create([Rule()], default, 3601, 1000),
            "more messages" => ThreadPolicy.Create([Rule()], default, 3600, 1001),
            _ => ThreadPolicy.Create([Rule()], s_a.Value, 3600, 1000),
        };
        Assert.Equal(expected, before.IsTightenedBy(after));
    }

    private static PolicyRule Rule(byte ruleId = 1, byte quorum = 2, uint lifetime = 600, bool denyEnds = true, AgentId[]? approvers = null) =>
        new(s_deploy, 1, ruleId, quorum, denyEnds, lifetime, approvers ?? [s_b, s_a]);
}
