using AgentFlow.Hub.CrashHost;
using AgentFlow.Hub.Stores;
using AgentFlow.Hub.Tests.Helpers;
using AgentFlow.Protocol.Hub;

namespace AgentFlow.Hub.Tests.Model;

/// <summary>What a store should do, said as plainly as possible: every commit works on a copy, which replaces the original if all went well.</summary>
internal sealed class StoreModel(Func<DateTimeOffset> now)
{
    private Data _data = new([], [], []);

    public string Run(Step step)
    {
        var copy = _data.Copy();
        if (step.Claim is { } request)
        {
            _data = copy;
            return StepRunner.Text(Claim(request));
        }

        if (step.Commit is not { } commit)
            return "";
        if (commit.Ops.Any(o => o.Shard is { } s && s != commit.Shard))
            return StepRunner.Text(StoreResult.Failed(HubStatus.CrossShard));
        if (commit.Fence is { } fence && !IsHeld(copy, fence.Claim, fence.Token))
            return StepRunner.Text(StoreResult.Failed(HubStatus.Fenced));
        var values = new List<long>();
        foreach (var op in commit.Ops)
        {
            var (status, value, isRepetition) = Apply(copy, op);
            if (isRepetition && values.Count == 0)
                return StepRunner.Text(new StoreResult(HubStatus.Ok, [value], IsRepetition: true));
            if (isRepetition || status != HubStatus.Ok)
                return StepRunner.Text(StoreResult.Failed(isRepetition ? HubStatus.Conflict : status, value));
            values.Add(value);
        }

        _data = copy;
        return StepRunner.Text(new StoreResult(HubStatus.Ok, values));
    }

    public string Dump()
    {
        var lines = new List<string>();
        for (int t = 1; t <= StepStream.Threads; t++)
        {
            var thread = _data.Threads.GetValueOrDefault(Make.Thread(t));
            lines.Add($"thread {t} {thread?.Log.Count} {thread?.First} {thread?.IsClosed} {thread?.MembersVersion} {State(StepStream.ThreadKey(t))}");
            lines.AddRange((thread?.Members ?? []).Select(m => $"  member {m.Agent} {m.FromPosition}").Order(StringComparer.Ordinal));
            lines.AddRange((thread?.Log ?? []).Select((a, i) => Line(thread!, a, i + 1)));
        }

        for (int a = 1; a <= StepStream.Agents; a++)
        {
            lines.Add($"agent {a} {State(StepStream.AgentKey(a))}");
            lines.AddRange(_data.Rows.Where(r => r.Key.Item1 == Make.Agent(a)).Select(r => $"  inbox {r.Key.Item2} {r.Value.Head} {r.Value.Acked}").Order(StringComparer.Ordinal));
        }

        return string.Join('\n', lines);
    }

    private (HubStatus Status, long Value, bool IsRepetition) Apply(Data data, StoreOp op)
    {
        ThreadId? id = op switch
        {
            StoreOp.Append o => o.Thread, StoreOp.SetMembers o => o.Thread, StoreOp.Close o => o.Thread,
            StoreOp.Trim o => o.Thread, StoreOp.Ack o => o.Thread, StoreOp.NoteInbox o => o.Thread, _ => null,
        };
        var thread = id is { } key ? data.Threads.GetValueOrDefault(key) : null;
        if (id is not null && thread is null)
            return (HubStatus.NotFound, 0, false);
        switch (op)
        {
            case StoreOp.Create o:
                return data.Threads.TryAdd(o.Thread, new([], [], 1, false, 0)) ? Ok(0) : (HubStatus.Conflict, data.Threads[o.Thread].Log.Count, false);
            case StoreOp.Append o:
                int standing = thread!.Log.FindIndex(a => a.MessageId == o.MessageId);
                if (standing >= 0)
                    return thread.Log[standing].BodyHash == o.BodyHash ? (HubStatus.Ok, standing + 1, true) : (HubStatus.IdConflict, standing + 1, false);
                if (thread.IsClosed)
                    return (HubStatus.Closed, 0, false);
                if (o.ExpectHead is { } head && head != thread.Log.Count)
                    return (HubStatus.Conflict, thread.Log.Count, false);
                data.Threads[o.Thread] = thread with { Log = [.. thread.Log, o] };
                return Ok(thread.Log.Count + 1);
            case StoreOp.SetMembers o:
                var members = o.Members.Select(m => thread!.Members.Find(b => b.Agent == m.Agent) is { } old ? m with { FromPosition = old.FromPosition } : m);
                data.Threads[o.Thread] = thread! with { Members = [.. members], MembersVersion = thread.MembersVersion + 1 };
                return Ok(thread.MembersVersion + 1);
            case StoreOp.Close o:
                data.Threads[o.Thread] = thread! with { IsClosed = true };
                return Ok(0);
            case StoreOp.Trim o:
                long first = Math.Max(thread!.First, Math.Min(o.BelowPosition, thread.Log.Count + 1));
                data.Threads[o.Thread] = thread with { First = first };
                return Ok(first);
            case StoreOp.Ack o:
                var acked = data.Row(o.Agent, o.Thread);
                data.Rows[(o.Agent, o.Thread)] = acked with { Acked = Math.Max(acked.Acked, o.UpToPosition) };
                return Ok(Math.Max(acked.Acked, o.UpToPosition));
            case StoreOp.NoteInbox o:
                var noted = data.Row(o.Agent, o.Thread);
                data.Rows[(o.Agent, o.Thread)] = noted with { Head = Math.Max(noted.Head, o.HeadPosition) };
                return Ok(Math.Max(noted.Head, o.HeadPosition));
            case StoreOp.Put o:
                var (version, value) = data.States.GetValueOrDefault(o.Key);
                if (!Matches(o.ExpectVersion, version, value))
                    return (HubStatus.Conflict, value is null ? 0 : version, false);
                data.States[o.Key] = (version + 1, o.Value.ToArray());
                return Ok(version + 1);
            case StoreOp.Del o:
                var (old2, value2) = data.States.GetValueOrDefault(o.Key);
                if (!Matches(o.ExpectVersion, old2, value2))
                    return (HubStatus.Conflict, value2 is null ? 0 : old2, false);
                if (value2 is null)
                    return Ok(0);
                data.States[o.Key] = (old2 + 1, null);
                return Ok(old2 + 1);
            case StoreOp.Complete o:
                if (!IsHeld(data, o.Claim, o.Token))
                    return (HubStatus.Fenced, 0, false);
                data.Rows[(o.Claim.Agent, o.Claim.Thread)] = data.Row(o.Claim.Agent, o.Claim.Thread) with { Owner = Guid.Empty };
                return Ok(0);
            default:
                throw new InvalidOperationException();
        }
    }

    /// <summary>The steps always name a thread; which threads come without one is the business of the contract suite.</summary>
    private IEnumerable<(ThreadId Thread, Guid Owner, long Token)> Claim(ClaimRequest request)
    {
        if (request.Thread is not { } thread || !_data.Threads.ContainsKey(thread))
            yield break;
        var row = _data.Row(request.Agent, thread);
        bool isLive = row.Owner != Guid.Empty && row.Until > now();
        if (!isLive || row.Owner == request.Owner)
            row = row with { Owner = request.Owner, Token = isLive ? row.Token : row.Token + 1, Until = now() + request.Duration };
        _data.Rows[(request.Agent, thread)] = row;
        yield return (thread, row.Owner, row.Token);
    }

    private string Line(ModelThread thread, StoreOp.Append append, long position)
    {
        bool isHidden = !append.IsPinned && (position < thread.First || append.ExpiresAt <= now());
        ReadOnlyMemory<byte> body = isHidden ? new byte[][] { [.. append.Body.Span[..3], .. append.Body.Span[^2..]] }[0] : append.Body;
        return $"  {position} {append.MessageId} {isHidden} {StepRunner.Hex(body)}";
    }

    private string State(StateKey key) =>
        _data.States.GetValueOrDefault(key) is { Value: { } value } item ? $"state {item.Version} {StepRunner.Hex(value)}" : "state  -";

    private static bool IsHeld(Data data, ClaimId claim, long token) => data.Row(claim.Agent, claim.Thread) is var row && row.Owner != Guid.Empty && row.Token == token;

    private static bool Matches(long expected, long version, byte[]? value) => expected == -1 || (expected == 0 ? value is null : value is not null && version == expected);

    private static (HubStatus, long, bool) Ok(long value) => (HubStatus.Ok, value, false);

    private sealed record ModelThread(List<StoreOp.Append> Log, List<Member> Members, long First, bool IsClosed, long MembersVersion);

    private sealed record ModelRow(long Head, long Acked, Guid Owner, long Token, DateTimeOffset Until);

    private sealed record Data(
        Dictionary<ThreadId, ModelThread> Threads, Dictionary<(AgentId, ThreadId), ModelRow> Rows, Dictionary<StateKey, (long Version, byte[]? Value)> States)
    {
        public Data Copy() => new(new(Threads), new(Rows), new(States));

        public ModelRow Row(AgentId agent, ThreadId thread) => Rows.GetValueOrDefault((agent, thread)) ?? new(0, 0, Guid.Empty, 0, default);
    }
}
