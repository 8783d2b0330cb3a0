using System.Text.Json;
using AgentFlow.Protocol.Approvals;
using AgentFlow.Protocol.Crypto;
using AgentFlow.Protocol.Frames;
using AgentFlow.Protocol.Identity;
using AgentFlow.Protocol.Tests.Vectors;
using AgentFlow.Protocol.Threads;

namespace AgentFlow.Protocol.Tests.Approvals;

public sealed class ApprovalVectorTests
{
    [Fact]
    public void Statements_agree_with_the_second_implementation()
    {
        var vectors = Af1Vectors.Root.GetProperty("approval");
        foreach (var sample in vectors.GetProperty("statements").EnumerateArray())
        {
            using var key = SigningKey.FromSeed(sample.Hex("approverSeed"));
            var signed = SignedApproval.Sign(
                new ApprovalStatement
                {
                    Decision = (Decision)sample.Int("decision"),
                    RuleId = (byte)sample.Int("ruleId"),
                    Quorum = (byte)sample.Int("quorum"),
                    Thread = new ThreadId(sample.Hash("threadId")),
                    RequestEnvelope = sample.Hash("requestE"),
                    Subject = sample.Hash("subject"),
                    Approver = new AgentId(sample.Hash("approver")),
                    ApproverKey = default,
                    LogHead = sample.Hash("idLogHead"),
                    IssuedAt = sample.Long("issued"),
                    ExpiresAt = sample.Long("expires"),
                    ThreadPosition = sample.Long("threadSeq"),
                    ThreadHash = sample.Hash("threadHash"),
                    Nonce = System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(sample.Hex("nonce")),
                },
                System.Text.Encoding.UTF8.GetString(sample.Hex("reason")),
                key);
            Assert.Equal(sample.Hash("approverKey"), signed.Statement.ApproverKey);
            Assert.Equal(sample.Hash("reasonHash"), signed.Statement.ReasonHash);
            Assert.Equal(sample.Hex("statement"), signed.StatementBytes.ToArray());
            Assert.Equal(sample.Hex("signature"), signed.Signature.ToArray());
            Assert.Equal(sample.Hex("payload"), signed.ToPayload());
            Assert.True(SignedApproval.TryParse(sample.Hex("payload"), out var read, out _));
            Assert.Equal(signed.Statement, read!.Statement);
            Assert.True(Frame.TryRead(sample.Hex("frame"), out var frame, out _));
            Assert.True(BuiltInContracts.Matches(frame.Header, BuiltInContracts.Approval));
            Assert.Equal(sample.Hex("payload"), frame.Payload.ToArray());
        }
    }

    [Fact]
    public void Request_claim_and_names_agree_with_the_second_implementation()
    {
        var vectors = Af1Vectors.Root.GetProperty("approval");
        var requestE = vectors.Hash("requestE");
        Assert.True(ThreadPolicy.TryParse(vectors.Hex("policy"), out var policy, out _));
        Assert.True(Frame.TryRead(vectors.Hex("requestFrame"), out var frame, out _));
        Assert.True(ApprovalRequest.TryCreate(
            new ThreadId(vectors.Hash("threadId")), 2, requestE, default, frame, 1, frame.Header.SchemaHash, policy!, out var request, out _));
        Assert.Equal(vectors.Hash("subject"), request!.Subject);
        Assert.Equal(vectors.Text("digestText"), ApprovalDigest.ToText(request.Subject));
        Assert.Equal(vectors.Text("approvalId"), request.Id.ToString());
        Assert.Equal(vectors.Hex("effectKey"), EffectKey.Of(requestE));
        Assert.Single(request.Rules);
        Assert.Equal(TimeSpan.FromHours(2), request.Lifetime(policy!));
        Assert.True(Frame.TryRead(vectors.Hex("claimFrame"), out var claim, out _));
        Assert.True(ApprovalClaim.TryParse(claim, out var claimed));
        Assert.Equal(requestE, claimed);
        foreach (var text in Af1Vectors.Root.GetProperty("texts").EnumerateArray())
        {
            Assert.Equal(text.Text("approvalId"), ApprovalId.Of(text.Hash("id")).ToString());
            Assert.Equal(ApprovalId.Of(text.Hash("id")), ApprovalId.Parse(text.Text("approvalId")));
            Assert.Equal(text.Text("digest"), ApprovalDigest.ToText(text.Hash("id")));
        }
    }

    public static TheoryData<string> Scenarios =>
        [.. Af1Vectors.Root.GetProperty("counting").GetProperty("scenarios").EnumerateArray().Select(s => s.Text("name"))];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Counting_agrees_with_the_second_implementation(string name)
    {
        var vectors = Af1Vectors.Root.GetProperty("counting");
        var scenario = vectors.GetProperty("scenarios").EnumerateArray().Single(s => s.Text("name") == name);
        var facts = new Facts(vectors, scenario);
        Assert.True(ThreadPolicy.TryParse(scenario.Hex("requestPolicy"), out var policy, out _));
        var book = new ApprovalBook(new ApprovalRequest
        {
            Thread = new ThreadId(vectors.Hash("threadId")),
            Position = vectors.Long("requestPosition"),
            Envelope = vectors.Hash("requestE"),
            Requester = new AgentId(vectors.Hash("requester")),
            Contract = ContractId.Read(vectors.Hex("contractId")),
            Major = (ushort)vectors.Int("major"),
            Subject = vectors.Hash("subject"),
            Policy = policy!,
        });
        long now = scenario.Long("now");
        bool isWithdrawalExpected = scenario.GetProperty("statements").EnumerateArray().Any(s => s.Text("verdict") == "withdrawal");
        foreach (var statement in scenario.GetProperty("statements").EnumerateArray())
        {
            var result = book.Add(statement.Long("position"), [.. statement.Hex("statement"), .. statement.Hex("signature")], facts, now);
            VoteResult[] expected = statement.Text("verdict") switch
            {
                "vote" when isWithdrawalExpected => [VoteResult.Counts, VoteResult.Withdrawn],
                "vote" => [VoteResult.Counts, VoteResult.Time],
                "withdrawal" => [VoteResult.Counts],
                "not the first vote" => [VoteResult.LaterVote, VoteResult.Copy],
                var rule => [(VoteResult)int.Parse(rule["rule ".Length..], System.Globalization.CultureInfo.InvariantCulture)],
            };
            Assert.Contains(result, expected);
        }

        var status = book.Evaluate(facts, now).Status;
        bool hasRules = facts.CurrentPolicy.RulesFor(book.Request.Contract, book.Request.Major).Any();
        Assert.Equal(scenario.Text("outcome"), status switch
        {
            ApprovalStatus.Met => "met",
            ApprovalStatus.Refused => "refused",
            ApprovalStatus.Impossible when hasRules => "cannot be met",
            _ => "pending",
        });
    }

    private sealed class Facts : IApprovalFacts
    {
        private readonly Dictionary<AgentId, IdentityLog> _logs = [];
        private readonly Bytes32[] _hashes;

        public Facts(JsonElement vectors, JsonElement scenario)
        {
            _hashes = [.. vectors.GetProperty("T").EnumerateArray().Select(t => new Bytes32(Convert.FromHexString(t.GetString()!)))];
            foreach (var entry in vectors.GetProperty("logs").EnumerateArray().Concat(scenario.GetProperty("changedLogs").EnumerateArray()))
            {
                Assert.True(IdentityLog.TryParse(entry.Hex("log"), out var log, out _));
                _logs[new AgentId(entry.Hash("agentId"))] = log;
            }

            Assert.True(ThreadPolicy.TryParse(scenario.Hex("currentPolicy"), out var policy, out _));
            CurrentPolicy = policy!;
        }

        public ThreadPolicy CurrentPolicy { get; }

        public IdentityLog? Find(AgentId agent) => _logs.GetValueOrDefault(agent);

        public bool TryGetThreadHash(long position, out Bytes32 hash)
        {
            bool isKnown = position >= 0 && position < _hashes.Length;
            hash = isKnown ? _hashes[position] : default;
            return isKnown;
        }
    }
}
