using System.Buffers.Binary;
using AgentFlow.Protocol.Approvals;
using AgentFlow.Protocol.Envelopes;
using AgentFlow.Protocol.Identity;
using AgentFlow.Protocol.Threads;

namespace AgentFlow.Protocol.Proofs;

/// <summary>Writes what stands behind a decision as a proof file (<c>.afproof</c>), in the one form that <see cref="ProofVerifier"/> accepts.</summary>
/// <remarks>
/// The file holds the request in clear, and identity logs; no key that opens anything else. Give the log of every member and voter;
/// others are left out.
/// Not thread-safe.
/// </remarks>
public sealed class ProofBuilder
{
    private readonly SortedDictionary<AgentId, IdentityLog> _logs = [];
    private readonly SortedDictionary<AgentId, SignedApproval> _approvals = [];
    private readonly HashSet<AgentId> _members = [];
    private readonly List<byte[]> _commits = [];
    private byte[]? _request;
    private ThreadRun? _run;

    /// <summary>Adds the identity log of a member or a voter; the last one given of an agent is taken.</summary>
    public ProofBuilder AddIdentityLog(IdentityLog log)
    {
        ArgumentNullException.ThrowIfNull(log);
        _logs[log.Agent] = log;
        return this;
    }

    /// <summary>Adds the next Commit, from the genesis Commit to the one that made the request's epoch; its wraps are cut off.</summary>
    /// <param name="envelope">The whole envelope.</param>
    /// <exception cref="ArgumentException">It is not the envelope of a Commit.</exception>
    public ProofBuilder AddCommit(ReadOnlySpan<byte> envelope)
    {
        if (!EnvelopeView.TryRead(envelope, out var view, out var error) || view.Header.Kind != EnvelopeKind.Commit
            || !Commit.TryParse(view.Body, view.Header.Epoch == 0, hasWraps: true, out var commit, out error))
            throw new ArgumentException($"Give the whole envelope of a Commit, as it stands in the thread ({error}).", nameof(envelope));
        if (commit.Genesis is { } genesis)
            _members.Add(genesis.Creator.Agent);
        _members.UnionWith(commit.Changes.OfType<AddLeaf>().Select(add => add.Entry.Agent));
        _commits.Add([.. view.Header.Bytes, .. view.Body[..commit.CommittedLength], .. view.Trailer]);
        return this;
    }

    /// <summary>Adds the next Commit from its parts.</summary>
    /// <param name="header">The 192 bytes of its header.</param>
    /// <param name="body">The whole body.</param>
    /// <param name="trailer">The trailer.</param>
    /// <exception cref="ArgumentException">They are not the envelope of a Commit.</exception>
    public ProofBuilder AddCommit(ReadOnlySpan<byte> header, ReadOnlySpan<byte> body, ReadOnlySpan<byte> trailer) =>
        AddCommit([.. header, .. body, .. trailer]);

    /// <summary>Sets the request.</summary>
    /// <param name="header">The 192 bytes of its envelope's header.</param>
    /// <param name="context">The context of its epoch.</param>
    /// <param name="openingKey">Kc, which opens the commitment of this envelope and nothing else.</param>
    /// <param name="plaintext">The padded plaintext.</param>
    /// <param name="trailer">The envelope's trailer.</param>
    public ProofBuilder SetRequest(
        ReadOnlySpan<byte> header, Bytes32 context, ReadOnlySpan<byte> openingKey, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> trailer)
    {
        if (header.Length != EnvelopeHeader.Size || openingKey.Length != Bytes32.Size)
            throw new ArgumentException("A header has 192 bytes, and Kc has 32.");
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, plaintext.Length);
        _request = [.. header, .. context.Span, .. openingKey, .. length, .. plaintext, .. trailer];
        return this;
    }

    /// <summary>Adds the vote of a person: the one that counts.</summary>
    /// <exception cref="ArgumentException">The person has one already, or it is a withdrawal.</exception>
    public ProofBuilder AddApproval(SignedApproval approval)
    {
        ArgumentNullException.ThrowIfNull(approval);
        if (approval.Statement.Decision == Decision.Withdraw || !_approvals.TryAdd(approval.Statement.Approver, approval))
            throw new ArgumentException("A proof holds the one vote of each person that counts, and no withdrawal.", nameof(approval));
        return this;
    }

    /// <summary>Sets the stretch of the thread that shows where the request stands; what is behind the last T that a vote names is left out.</summary>
    /// <param name="run">From the request or before to at least that position.</param>
    public ProofBuilder SetRun(ThreadRun run)
    {
        _run = run;
        return this;
    }

    /// <summary>Writes the file.</summary>
    /// <exception cref="InvalidOperationException">Something is missing, or the run is too short.</exception>
    public byte[] ToArray()
    {
        if (_request is null || _commits.Count == 0 || _approvals.Count == 0)
            throw new InvalidOperationException("A proof needs the Commits, the request and at least one vote: add them first.");
        using var file = new MemoryStream();
        file.Write(ProofSection.FileHeader);
        foreach (var log in _logs.Values.Where(l => _members.Contains(l.Agent) || _approvals.ContainsKey(l.Agent)))
            WriteSection(file, ProofSection.IdentityLog, log.Bytes.Span);
        WriteSection(file, ProofSection.Commits, JoinCommits());
        WriteSection(file, ProofSection.Request, _request);
        Span<byte> section = stackalloc byte[ProofSection.ApprovalSize];
        foreach (var approval in _approvals.Values)
        {
            approval.SignedBytes.CopyTo(section);
            BinaryPrimitives.WriteInt64LittleEndian(section[SignedApproval.SignedSize..], approval.Statement.ThreadPosition + 1);
            WriteSection(file, ProofSection.Approval, section);
        }

        if (_run is not null)
            WriteSection(file, ProofSection.Run, CutRun(_run).ToArray());
        return file.Length <= ProofSection.MaximumFileSize
            ? file.ToArray()
            : throw new InvalidOperationException("The proof exceeds 16 MiB: begin its run at the request.");
    }

    private static void WriteSection(Stream file, ushort type, ReadOnlySpan<byte> content)
    {
        Span<byte> header = stackalloc byte[ProofSection.SectionHeaderSize];
        BinaryPrimitives.WriteUInt16LittleEndian(header, type);
        BinaryPrimitives.WriteInt32LittleEndian(header[2..], content.Length);
        file.Write(header);
        file.Write(content);
    }

    private byte[] JoinCommits()
    {
        byte[] joined = new byte[_commits.Sum(c => 4 + c.Length)];
        int at = 0;
        foreach (byte[] commit in _commits)
        {
            BinaryPrimitives.WriteInt32LittleEndian(joined.AsSpan(at), commit.Length);
            commit.CopyTo(joined, at + 4);
            at += 4 + commit.Length;
        }

        return joined;
    }

    private ThreadRun CutRun(ThreadRun run)
    {
        long last = _approvals.Values.Max(a => a.Statement.ThreadPosition);
        return last >= run.First && last <= run.Last
            ? run with { Envelopes = [.. run.Envelopes.Take((int)(last - run.First + 1))] }
            : throw new InvalidOperationException($"The run must reach position {last}, the last one that a vote names.");
    }
}
