using AgentFlow.Hub.Stores;
using AgentFlow.Protocol.Hub;

namespace AgentFlow.Hub.Memory;

/// <summary>Claims on fan-out work and leases of (agent, thread).</summary>
internal sealed class MemoryClaims(MemoryData data, StoreClock clock)
{
    private readonly FanOutLease _fanOut = new(clock, 1);

    public IReadOnlyList<Claim> Take(ClaimRequest request)
    {
        if (request.Kind == ClaimKind.FanOut)
            return TakeFanOut(request);
        if (request.Thread is { } named)
            return data.TryFind(named, out var thread) ? [TakeRow(request, data.Row(request.Agent, thread, clock.Now()))] : [];
        if (!data.Inboxes.TryGetValue(request.Agent, out var rows))
            return [];
        long now = clock.Now();
        var free = rows.Values.Where(r => r.IsUnread && (r.LeaseOwner == Guid.Empty || r.LeaseUntil <= now))
            .OrderByDescending(r => r.Priority).ThenBy(r => r.Touched).ThenBy(r => r.Thread.Number).Take(request.Max).ToList();
        return [.. free.Select(row => TakeRow(request, row))];
    }

    public bool IsHeld(Fence fence) => fence.Claim.Kind == ClaimKind.FanOut
        ? _fanOut.IsHeld(fence.Token)
        : data.FindRow(fence.Claim.Agent, fence.Claim.Thread) is { } row && row.LeaseOwner != Guid.Empty && row.LeaseToken == fence.Token;

    public OpResult Complete(StoreOp.Complete op)
    {
        if (op.Claim.Kind == ClaimKind.FanOut)
        {
            if (!_fanOut.TryEnd(op.Token, out long upTo))
                return OpResult.Failed(HubStatus.Fenced);
            int before = data.FannedOut;
            data.Undo(() => data.FannedOut = before);
            data.FannedOut = Math.Max(before, (int)upTo);
            return OpResult.Ok();
        }

        if (!IsHeld(new Fence(op.Claim, op.Token)))
            return OpResult.Failed(HubStatus.Fenced);
        var row = data.FindRow(op.Claim.Agent, op.Claim.Thread)!;
        var (owner, until) = (row.LeaseOwner, row.LeaseUntil);
        data.Undo(() => (row.LeaseOwner, row.LeaseUntil) = (owner, until));
        (row.LeaseOwner, row.LeaseUntil) = (Guid.Empty, 0);
        return OpResult.Ok();
    }

    private IReadOnlyList<Claim> TakeFanOut(ClaimRequest request)
    {
        int upTo = Math.Min(data.Arrivals.Count, data.FannedOut + request.Max);
        if (upTo == data.FannedOut)
            return [];
        var work = data.Arrivals[data.FannedOut..upTo].Where(a => a.Thread.Creation.Fan == FanOut.Push)
            .GroupBy(a => a.Thread, a => a.Position).Select(g => new ThreadNews(g.Key.Id, g.Max())).ToList();
        return _fanOut.TryTake(request, upTo, work) is { } claim ? [claim] : [];
    }

    private Claim TakeRow(ClaimRequest request, MemoryInboxRow row)
    {
        long now = clock.Now();
        bool isLive = row.LeaseOwner != Guid.Empty && row.LeaseUntil > now;
        if (!isLive)
            row.LeaseToken++;
        if (!isLive || row.LeaseOwner == request.Owner)
        {
            row.LeaseOwner = request.Owner;
            row.LeaseUntil = clock.After(request.Duration);
        }

        var id = new ClaimId(ClaimKind.Inbox, row.Agent, row.Thread.Id);
        return new Claim(id, row.LeaseOwner, row.LeaseToken, StoreClock.ToTime(row.LeaseUntil), [new ThreadNews(row.Thread.Id, row.Head)]);
    }
}
