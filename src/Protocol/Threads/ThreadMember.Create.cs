using System.Buffers;
using System.Security.Cryptography;
using AgentFlow.Protocol.Crypto;
using AgentFlow.Protocol.Envelopes;
using AgentFlow.Protocol.Identity;

namespace AgentFlow.Protocol.Threads;

public sealed partial class ThreadMember
{
    /// <summary>Creates a thread: its id, its policy and its first Commit, with the epoch secret wrapped to every member.</summary>
    /// <param name="creation">What it is made of.</param>
    /// <exception cref="InvalidOperationException">
    /// A bundle has expired or is invalid, a role is none, or the creator's device is not live in its log.
    /// </exception>
    public static ThreadGenesis Create(ThreadCreation creation) => Create(creation, SystemRandom.Instance);

    /// <summary>Draws, in this order: leaf private key, thread random, epoch secret, one ephemeral key for each wrap.</summary>
    internal static ThreadGenesis Create(ThreadCreation creation, IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(creation);
        byte[] secrets = AllocateSecrets(creation.Members.Count + 1);
        Span<byte> draw = stackalloc byte[KeySize];
        try
        {
            return Create(creation, random, secrets, draw);
        }
        catch
        {
            CryptographicOperations.ZeroMemory(secrets);
            throw;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(draw);
        }
    }

    private static ThreadGenesis Create(ThreadCreation creation, IRandomSource random, byte[] secrets, Span<byte> draw)
    {
        var (log, device, policy) = (creation.Log, creation.Device, creation.Policy);
        var leafKey = DrawLeafKey(random, draw);
        random.Fill(draw);
        var creator = new RosterEntry(log.Agent, device.PublicKey, leafKey, log.HeadSeq, log.Head, MemberRole.Member | MemberRole.Admin);
        var genesis = new CommitGenesis(new Bytes32(draw), creator, policy);
        var start = ThreadEpoch.Start(ThreadEpoch.IdOf(creator, genesis.Random, policy.Hash), creator, policy);
        var changes = creation.Members.Select((member, index) => MakeAdd(member, (uint)index + 1, creation.Time)).ToArray();
        var next = start.Next(new Roster([start.Roster[0], .. changes.Select(add => new RosterSlot(add.Leaf, add.Entry, 1))]), policy, committerLeaf: 0);

        random.Fill(draw);
        byte[] wraps = EpochSecret.Wrap(next, 0, draw, random)
            ?? throw new InvalidOperationException("A prekey is of low order: ask its owner for a new bundle.");
        var fields = new CommitFields(0, 1, start.Context, next.Roster.Hash, policy.Hash, EpochSecret.Confirm(next, draw), EpochSecret.HashWraps(wraps));
        EpochSecret.DeriveChains(next, draw, secrets.AsSpan(KeySize));
        byte[] envelope = SealGenesis(creation, start, genesis, changes, fields, wraps);

        var checks = new ThreadChecks { Identities = new CreationLogs(creation), Hashes = new NoHashes() };
        if (!PublicThread.TryStart(envelope, checks, out var thread, out var error))
            throw new InvalidOperationException(
                $"The thread cannot be created ({error}): each member needs a live device, a role, and its own device and key.");
        var sender = thread.SenderOf(device.PublicKey);
        var member = new ThreadMember(thread, 0, secrets, isLocked: false, new InFlightEnvelopes(), random)
        {
            _sentSeq = sender.Seq,
            _sentDigest = sender.Digest,
        };
        return new ThreadGenesis(envelope, sender.Digest, member);
    }

    /// <summary>Draws a leaf key and gives its public part. No later Commit is accepted, so the private part is never needed and not kept.</summary>
    private static Bytes32 DrawLeafKey(IRandomSource random, Span<byte> draw)
    {
        Span<byte> publicKey = stackalloc byte[KeySize];
        random.Fill(draw);
        Suite.Current.AgreementPublicKey(draw, publicKey);
        return new Bytes32(publicKey);
    }

    private static AddLeaf MakeAdd(InvitedMember member, uint leaf, long now)
    {
        var bundle = member.Bundle;
        var error = bundle.Verify(member.Log);
        if (error != ProtocolError.None)
            throw new InvalidOperationException($"The key bundle of {member.Log.Agent} is invalid ({error}): fetch its log and bundle again.");
        bool hasDeviceEnded = member.Log.TryGetKeyAt(member.Log.HeadSeq, bundle.Device, out var key) && key.NotAfter != 0 && key.NotAfter < now;
        if (bundle.NotAfter < now || hasDeviceEnded)
            throw new InvalidOperationException(
                $"The key bundle of {member.Log.Agent} has expired, or its device key has: the device must publish a new bundle.");
        var entry = new RosterEntry(bundle.Agent, bundle.Device, bundle.Prekey, bundle.LogSeq, bundle.LogHead, member.Role);
        return new AddLeaf(leaf, entry, bundle.PrekeyId, bundle.Created, bundle.NotAfter, bundle.Suites, bundle.Signature.ToArray());
    }

    private static byte[] SealGenesis(
        ThreadCreation creation, ThreadEpoch start, CommitGenesis genesis, AddLeaf[] changes, in CommitFields fields, byte[] wraps)
    {
        var body = new ArrayBufferWriter<byte>();
        CommitWriter.WriteCommitted(body, genesis, changes, fields);
        int committed = body.WrittenCount;
        CommitWriter.WriteWraps(body, wraps);
        if (body.WrittenCount > EnvelopeView.MaximumSize - EnvelopeHeader.Size - EnvelopeLayout.SignatureSize)
            throw new InvalidOperationException("Too many members for one Commit: about 390 fit.");
        byte[] envelope = new byte[EnvelopeHeader.Size + body.WrittenCount + EnvelopeLayout.SignatureSize];
        var header = envelope.AsSpan(0, EnvelopeHeader.Size);
        new EnvelopeHeaderWriter
        {
            Suite = start.Policy.Suite,
            Kind = EnvelopeKind.Commit,
            IsMultiFrame = false,
            IsBatchSigned = false,
            ThreadId = start.ThreadId,
            Epoch = 0,
            Leaf = 0,
            Generation = 0,
            SenderSeq = 1,
            Previous = default,
            AckSeq = 0,
            AckHash = start.Context,
            Time = creation.Time,
            BodyLength = body.WrittenCount,
        }.Write(header);
        CommitWriter.Commitment(header, body.WrittenSpan[..committed]).Span.CopyTo(header[EnvelopeLayout.CommitmentOffset..]);
        body.WrittenSpan.CopyTo(envelope.AsSpan(EnvelopeHeader.Size));
        EnvelopeSignature.Sign(creation.Device, EnvelopeDigest.Of(start.Context, header), envelope.AsSpan(^EnvelopeLayout.SignatureSize..));
        return envelope;
    }

    /// <summary>The logs that the creator was given; the longest one where an agent has several devices.</summary>
    private sealed class CreationLogs(ThreadCreation creation) : IIdentitySource
    {
        public IdentityLog? Find(AgentId agent) =>
            creation.Members.Select(member => member.Log).Append(creation.Log).Where(log => log.Agent == agent).MaxBy(log => log.HeadSeq);
    }

    private sealed class NoHashes : IThreadHashes
    {
        public bool TryFind(ThreadId thread, long position, out Bytes32 hash)
        {
            hash = default;
            return false;
        }
    }
}
