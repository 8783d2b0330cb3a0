using System.Buffers.Binary;
using System.Security.Cryptography;
using AgentFlow.Hub.Agents;
using AgentFlow.Hub.Stores;
using AgentFlow.Protocol.Hub;
using AgentFlow.Protocol.Identity;

namespace AgentFlow.Hub.Callers;

/// <summary>What the store knows about callers: devices, members, secrets of days, challenges that were used. Thread-safe.</summary>
internal sealed class CallerRecords(IEnvelopeStore store, AgentDirectory agents, int capacity)
{
    private static readonly TimeSpan s_membershipAge = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_secretAge = TimeSpan.FromDays(3);
    private readonly RecentlyUsed<(AgentId Agent, ThreadId Thread), DateTimeOffset> _members = new(capacity);
    private readonly RecentlyUsed<int, Bytes32> _secrets = new(4);

    public async ValueTask<HubStatus> CheckMemberAsync(AgentId agent, ThreadId thread, CancellationToken cancellationToken)
    {
        if (_members.TryGet((agent, thread), out var seen) && store.Now - seen < s_membershipAge)
            return HubStatus.Ok;
        var members = await store.ReadMembersAsync(thread, cancellationToken).ConfigureAwait(false);
        if (members.Count == 0)
            return HubStatus.NotFound;
        if (!members.Any(member => member.Agent == agent))
            return HubStatus.NotMember;
        _members.Set((agent, thread), store.Now);
        return HubStatus.Ok;
    }

    public async ValueTask<bool> IsDeviceAsync(AgentId agent, Bytes32 device, TimeSpan maxAge, CancellationToken cancellationToken)
    {
        var log = await agents.FindAsync(agent, maxAge, cancellationToken).ConfigureAwait(false);
        return log is not null && log.TryGetKeyAt(log.HeadSeq, device, out var key) && key.Allows(KeyUsage.MessageDevice)
            && (key.NotAfter == 0 || key.NotAfter >= store.Now.ToUnixTimeMilliseconds());
    }

    public async ValueTask<Bytes32?> GetDaySecretAsync(int day, bool isMade, CancellationToken cancellationToken)
    {
        if (_secrets.TryGet(day, out var known))
            return known;
        byte[] number = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, day);
        var key = new StateKey(StateKind.Login, number);
        var item = await store.GetAsync(key, cancellationToken).ConfigureAwait(false);
        if (item is null && isMade)
        {
            // Of several hubs one writes, and all read what it wrote.
            var put = new StoreOp.Put(key, RandomNumberGenerator.GetBytes(Bytes32.Size), ExpectVersion: 0, store.Now + s_secretAge);
            await store.CommitAsync(new StoreCommit(put.Shard!.Value, [put]), cancellationToken).ConfigureAwait(false);
            item = await store.GetAsync(key, cancellationToken).ConfigureAwait(false);
        }

        if (item is null)
            return null;
        var secret = new Bytes32(item.Value.Span);
        _secrets.Set(day, secret);
        return secret;
    }

    public async ValueTask<HubStatus> UseChallengeAsync(ReadOnlyMemory<byte> challenge, TimeSpan keep, CancellationToken cancellationToken)
    {
        var put = new StoreOp.Put(new StateKey(StateKind.Login, challenge), new byte[] { 1 }, ExpectVersion: 0, store.Now + keep);
        return (await store.CommitAsync(new StoreCommit(put.Shard!.Value, [put]), cancellationToken).ConfigureAwait(false)).Status;
    }
}
