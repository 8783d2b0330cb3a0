using AgentFlow.Protocol.Approvals;
using AgentFlow.Protocol.Crypto;
using AgentFlow.Protocol.Frames;
using AgentFlow.Protocol.Identity;
using AgentFlow.Protocol.Tests.Frames;
using AgentFlow.Protocol.Threads;

namespace AgentFlow.Protocol.Tests.Approvals;

/// <summary>A person with a root key and one approver key.</summary>
internal sealed class Person : IDisposable
{
    public Person(string name, byte seed, long notAfter = 0)
    {
        Root = Key(seed, 1);
        Approver = Key(seed, 2);
        Log = IdentityLogWriter.CreateGenesis(name, Root, FrameSamples.Pattern(seed), default, ApprovalWorld.Now - 1000);
        Log = IdentityLogWriter.AddKey(Log, Approver, KeyUsage.Approve, notAfter, Root, ApprovalWorld.Now - 999);
    }

    public SigningKey Root { get; }

    public SigningKey Approver { get; }

    public IdentityLog Log { get; set; }

    public AgentId Id => Log.Agent;

    public void Revoke() => Log = IdentityLogWriter.RevokeKey(Log, Approver.PublicKey, 1, 0, Root, ApprovalWorld.Now);

    public void Dispose()
    {
        Root.Dispose();
        Approver.Dispose();
    }

    internal static SigningKey Key(byte first, byte second)
    {
        Span<byte> seed = stackalloc byte[32];
        seed.Clear();
        (seed[0], seed[1]) = (first, second);
        return SigningKey.FromSeed(seed);
    }
}

/// <summary>A thread with a gated request at position 5, three people who may approve, and a clock that stands still.</summary>
internal sealed class ApprovalWorld : IApprovalFacts, IDisposable
{
    public const long Now = 1_800_000_000_000;
    public const long RequestPosition = 5;
    public const uint Lifetime = 7200;

    private readonly Dictionary<AgentId, Person> _people = [];

    public ApprovalWorld(int quorum = 1, bool denyEnds = true)
    {
        foreach (var person in (Person[])[Ada, Ben, Cleo, Build])
            _people.Add(person.Id, person);
        Rule = MakeRule(1, quorum, denyEnds, Lifetime, Ada, Ben, Cleo);
        Policy = CurrentPolicy = MakePolicy(Rule);
        Request = new ApprovalRequest
        {
            Thread = new ThreadId(FrameSamples.Pattern(1)),
            Position = RequestPosition,
            Envelope = FrameSamples.Pattern(2),
            Requester = Build.Id,
            Contract = Contract,
            Major = 1,
            Subject = FrameSamples.Pattern(3),
            Policy = Policy,
        };
    }

    public static ContractId Contract { get; } = ContractIds.Of("release.deploy");

    public Person Ada { get; } = new("ada", 1);

    public Person Ben { get; } = new("ben", 2);

    public Person Cleo { get; } = new("cleo", 3);

    public Person Build { get; } = new("build", 4);

    public PolicyRule Rule { get; }

    public ThreadPolicy Policy { get; }

    public ThreadPolicy CurrentPolicy { get; set; }

    public long Head { get; set; } = 100;

    public ApprovalRequest Request { get; set; }

    public static PolicyRule MakeRule(byte id, int quorum, bool denyEnds, uint lifetime, params Person[] approvers) =>
        new(Contract, 1, id, (byte)quorum, denyEnds, lifetime, approvers.Select(a => a.Id));

    public static ThreadPolicy MakePolicy(params PolicyRule[] rules) => ThreadPolicy.Create(rules);

    public static Bytes32 ThreadHash(long position) => FrameSamples.Pattern((byte)(100 + position));

    public IdentityLog? Find(AgentId agent) => _people.GetValueOrDefault(agent)?.Log;

    public bool TryGetThreadHash(long position, out Bytes32 hash)
    {
        hash = position >= 0 && position <= Head ? ThreadHash(position) : default;
        return position >= 0 && position <= Head;
    }

    /// <summary>A statement that counts, made five minutes ago for an hour, after the request was seen at position 6.</summary>
    public ApprovalStatement Statement(Person who, Decision decision = Decision.Yes, byte nonce = 1) => new()
    {
        Decision = decision,
        RuleId = 1,
        Quorum = Rule.Quorum,
        Thread = Request.Thread,
        RequestEnvelope = Request.Envelope,
        Subject = Request.Subject,
        Approver = who.Id,
        ApproverKey = who.Approver.PublicKey,
        LogHead = who.Log.Head,
        IssuedAt = Now - 300_000,
        ExpiresAt = Now + 3_300_000,
        ThreadPosition = 6,
        ThreadHash = ThreadHash(6),
        Nonce = nonce,
    };

    public byte[] Payload(Person who, Decision decision = Decision.Yes, byte nonce = 1, string? reason = null) =>
        SignedApproval.Sign(Statement(who, decision, nonce), reason, who.Approver).ToPayload();

    public VoteResult Add(ApprovalBook book, long position, Person who, Decision decision = Decision.Yes, byte nonce = 1) =>
        book.Add(position, Payload(who, decision, nonce), this, Now);

    public VoteResult AddSigned(ApprovalBook book, long position, Person who, Func<ApprovalStatement, ApprovalStatement> change) =>
        book.Add(position, SignedApproval.Sign(change(Statement(who)), null, who.Approver).ToPayload(), this, Now);

    public void Dispose()
    {
        foreach (var person in _people.Values)
            person.Dispose();
    }
}
