using System.Buffers.Binary;
using System.Text.Json;
using AgentFlow.Protocol.Approvals;
using AgentFlow.Protocol.Crypto;
using AgentFlow.Protocol.Envelopes;
using AgentFlow.Protocol.Frames;
using AgentFlow.Protocol.Identity;
using AgentFlow.Protocol.Proofs;
using AgentFlow.Protocol.Tests.Frames;
using AgentFlow.Protocol.Tests.Vectors;

namespace AgentFlow.Protocol.Tests.Proofs;

/// <summary>The approval thread of the vectors, in which requests and votes can be made anew with the keys of its actors.</summary>
internal sealed class ProofWorld
{
    public const int Build = 0, Deploy = 1, ManagerA = 2, ManagerB = 3;
    private static readonly JsonElement s_vectors = Af1Vectors.Root.GetProperty("approval");

    public ProofWorld()
    {
        Genesis = Envelopes[0].Hex("envelope");
        Context = Envelopes[0].Hash("ctxAfter");
        OpeningKey = FrameSamples.Pattern(0x5A).ToArray();
        FrameBytes = s_vectors.Hex("requestFrame");
        StartContext = Envelopes[0].Hash("ctx");
        SetRequest(Gated(FrameBytes));
    }

    public static JsonElement[] Envelopes { get; } = [.. s_vectors.GetProperty("envelopes").EnumerateArray()];

    public static JsonElement[] Statements { get; } = [.. s_vectors.GetProperty("statements").EnumerateArray()];

    public static ThreadId Thread { get; } = new(s_vectors.Hash("threadId"));

    public static ProofExpectations Expected { get; } = new() { Thread = Thread };

    public byte[] Genesis { get; set; }

    public Bytes32 StartContext { get; }

    public Bytes32 Context { get; set; }

    public byte[] OpeningKey { get; }

    public byte[] FrameBytes { get; }

    public byte[] Header { get; private set; } = [];

    public byte[] Plaintext { get; private set; } = [];

    public byte[] Trailer { get; private set; } = [];

    public Bytes32 RequestEnvelope { get; private set; }

    public Bytes32 Subject { get; private set; }

    public Bytes32 GenesisEnvelope => Envelopes[0].Hash("E");

    /// <summary>T of positions 0 to 4, where the request stands at 2 and other envelopes behind it.</summary>
    public Bytes32[] Hashes
    {
        get
        {
            Bytes32[] hashes = [StartContext, default, default, default, default];
            for (int i = 1; i < hashes.Length; i++)
                hashes[i] = EnvelopeDigest.Thread(hashes[i - 1], i, ThreadEnvelopes[i - 1]);
            return hashes;
        }
    }

    public Bytes32[] ThreadEnvelopes => [GenesisEnvelope, RequestEnvelope, FrameSamples.Pattern(0x33), FrameSamples.Pattern(0x44)];

    public static AgentId Agent(int actor) => new(Actor(actor).Hash("agentId"));

    public static IdentityLog Log(int actor) =>
        IdentityLog.TryParse(Actor(actor).Hex("log"), out var log, out _) ? log : throw new InvalidOperationException("The vectors are broken.");

    public static SigningKey DeviceKey(int actor) => SigningKey.FromSeed(Actor(actor).Hex("deviceSeed"));

    public static SigningKey ApproverKey(int actor) =>
        SigningKey.FromSeed(Statements.First(s => new AgentId(s.Hash("approver")) == Agent(actor)).Hex("approverSeed"));

    /// <summary>The vectors derive every key from a name: SHA-256 of a constant, the name and a block number.</summary>
    public static byte[] RootSeed(string name) =>
        System.Security.Cryptography.SHA256.HashData([.. System.Text.Encoding.UTF8.GetBytes($"AgentFlow AF1 test vectors, 1\0{name}/root"), 0, 0, 0, 0, 0]);

    public static byte[] Gated(ReadOnlySpan<byte> frame, int frameCount = 1)
    {
        byte[] plaintext = new byte[Padding.PaddedLength(2 + frame.Length * frameCount)];
        plaintext[0] = (byte)frameCount;
        for (int i = 0; i < frameCount; i++)
            frame.CopyTo(plaintext.AsSpan(1 + i * frame.Length));
        plaintext[1 + frame.Length * frameCount] = 0x80;
        return plaintext;
    }

    /// <summary>Seals a request anew: by another leaf, in another kind, with another plaintext.</summary>
    public void SetRequest(byte[] plaintext, int sender = Build, bool isBatchSigned = false, Action<byte[]>? change = null)
    {
        Plaintext = plaintext;
        Header = Envelopes[1].Hex("header");
        Header[5] = (byte)((plaintext[0] > 1 ? 1 : 0) | (isBatchSigned ? 4 : 0));
        BinaryPrimitives.WriteInt32LittleEndian(Header.AsSpan(48), sender);
        BinaryPrimitives.WriteInt32LittleEndian(Header.AsSpan(156), plaintext.Length + 16);
        change?.Invoke(Header);
        AfHash.Mac(OpeningKey, Labels.Commitment, Context.Span, Header.AsSpan(0, 160), plaintext, Header.AsSpan(160));
        RequestEnvelope = EnvelopeDigest.Of(Context, Header);
        Subject = Frame.TryRead(plaintext.AsSpan(1), out var frame, out _) ? ApprovalDigest.Compute(frame) : default;
        using var device = DeviceKey(sender);
        if (isBatchSigned)
        {
            var batch = BatchSignature.Create(device, [FrameSamples.Pattern(1), FrameSamples.Pattern(2), RequestEnvelope]);
            Trailer = new byte[batch.TrailerSize];
            batch.WriteTrailer(2, Trailer);
        }
        else
        {
            Trailer = new byte[64];
            EnvelopeSignature.Sign(device, RequestEnvelope, Trailer);
        }
    }

    public SignedApproval Vote(int approver, Decision decision = Decision.Yes, long seen = 3, Func<ApprovalStatement, ApprovalStatement>? change = null)
    {
        var statement = new ApprovalStatement
        {
            Decision = decision,
            RuleId = 1,
            Quorum = 1,
            Thread = Thread,
            RequestEnvelope = RequestEnvelope,
            Subject = Subject,
            Approver = Agent(approver),
            ApproverKey = default,
            LogHead = Log(approver).Head,
            IssuedAt = 1_767_225_663_000,
            ExpiresAt = 1_767_229_263_000,
            ThreadPosition = seen,
            ThreadHash = Hashes[seen],
            Nonce = 7,
        };
        using var key = ApproverKey(approver);
        return SignedApproval.Sign(change?.Invoke(statement) ?? statement, null, key);
    }

    public ProofBuilder Builder(params SignedApproval[] votes)
    {
        var builder = new ProofBuilder().AddCommit(Genesis).SetRequest(Header, Context, OpeningKey, Plaintext, Trailer);
        for (int actor = Build; actor <= ManagerB; actor++)
            builder.AddIdentityLog(Log(actor));
        foreach (var vote in votes)
            builder.AddApproval(vote);
        return builder;
    }

    public static ProofVerdict Verify(byte[] file) => ProofVerifier.Verify(file, Expected);

    private static JsonElement Actor(int index) => s_vectors.GetProperty("actors")[index];
}
