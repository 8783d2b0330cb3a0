using AgentFlow.Storage;

namespace AgentFlow.Runtime.Tests.Canary;

/// <summary>A run with a secret in every place that takes one.</summary>
internal sealed class CanaryRun(CanaryApp app, Canaries canaries, CancellationToken cancellationToken)
{
    public IAgentFlow Flow => app.Flow;

    /// <summary>Starts a thread that comes to its gate.</summary>
    public ValueTask<ThreadId> StartAsync(string? idempotencyKey = null) =>
        Flow.StartThreadAsync(NewStart(), new StartThreadOptions { IdempotencyKey = idempotencyKey }, cancellationToken);

    /// <summary>Starts threads until both write-ahead logs hold something, which the stores empty when they are idle; gives the files of that moment.</summary>
    public async Task<IReadOnlyDictionary<string, byte[]>> FilesWithLogsAsync()
    {
        for (int i = 0; i < 50; i++)
        {
            await app.WaitForCardAsync(await StartAsync(), cancellationToken);
            var files = app.Files();
            if (files["agents.db-wal"].Length > 0 && files["hub.db-wal"].Length > 0)
                return files;
        }

        throw new InvalidOperationException("No write-ahead log was seen.");
    }

    public async Task ApproveAsync(ThreadId thread)
    {
        var card = await app.WaitForCardAsync(thread, cancellationToken);
        string other = "af1:" + new string('0', 64);
        var stale = await Flow.Approvals.ApproveAsync(card.Id, other, CanaryApp.Person, canaries.Text("reason on a stale digest"), cancellationToken);
        Assert.Equal(DecisionStatus.StaleDigest, stale.Status);
        var first = await Flow.Approvals.ApproveAsync(card.Id, card.Digest, CanaryApp.Person, canaries.Text("reason of a yes"), cancellationToken);
        Assert.Equal(DecisionStatus.Recorded, first.Status);
        var second = await Flow.Approvals.RejectAsync(card.Id, card.Digest, CanaryApp.Person, canaries.Text("reason that comes second"), cancellationToken);
        Assert.Equal(DecisionStatus.AlreadyDecided, second.Status);
        Assert.Equal(ThreadOutcome.Completed, (await Flow.WaitForOutcomeAsync(thread, cancellationToken)).Outcome);
    }

    public async Task RejectAsync(ThreadId thread)
    {
        var card = await app.WaitForCardAsync(thread, cancellationToken);
        var decision = await Flow.Approvals.RejectAsync(card.Id, card.Digest, CanaryApp.Person, canaries.Text("reason of a no"), cancellationToken);
        Assert.Equal(DecisionStatus.Recorded, decision.Status);
        Assert.Equal(ThreadOutcome.Failed, (await Flow.WaitForOutcomeAsync(thread, cancellationToken)).Outcome);
    }

    /// <summary>Runs a handler into its dead letter.</summary>
    public async Task<ThreadId> PoisonAsync()
    {
        var poison = new PoisonCanary(canaries.Text("poison"), canaries.Text("poison: sensitive"));
        var thread = await Flow.StartThreadAsync(poison, cancellationToken: cancellationToken);
        Assert.Equal(ThreadOutcome.Parked, (await Flow.WaitForOutcomeAsync(thread, cancellationToken)).Outcome);
        var letter = Assert.Single(await Flow.ListDeadLettersAsync(cancellationToken));
        Assert.Equal((thread, 2), (letter.Thread, letter.Attempts));
        return thread;
    }

    /// <summary>What the front door tells that promises to hold no payload.</summary>
    public async Task TellAsync(CapturedText captured)
    {
        foreach (var info in await Flow.ListThreadsAsync(cancellationToken: cancellationToken))
        {
            captured.Add("threads", $"{info} {info.Reason}");
            foreach (var step in await Flow.ReadStepsAsync(info.Id, cancellationToken))
                captured.Add("steps", step.ToString());
            foreach (var message in await Flow.ReadMessagesAsync(info.Id, cancellationToken))
                captured.Add("messages", message.ToString());
            captured.Add("verification", string.Join('\n', (await Flow.VerifyThreadAsync(info.Id, cancellationToken)).Faults));
        }

        foreach (var letter in await Flow.ListDeadLettersAsync(cancellationToken))
            captured.Add("dead letters", letter.ToString());
    }

    /// <summary>How many rows of each kind the agents' store has; of the outbox, how many it ever had.</summary>
    public Task<Dictionary<string, long>> CountRowsAsync() => app.InspectAsync(
        session =>
        {
            var counts = new Dictionary<string, long>();
            foreach (string table in (string[])["agent", "thread", "vault", "history", "handled", "state", "journal", "approval", "timer", "dead", "audit"])
                counts[table] = Count(session, $"SELECT count(*) FROM {table}");
            counts["outbox"] = Count(session, "SELECT seq FROM sqlite_sequence WHERE name = 'outbox'");
            return counts;
        },
        cancellationToken);

    private static long Count(ReadSession session, string sql)
    {
        var row = session.Prepare(sql);
        Assert.True(row.Step());
        return row.GetInt64(0);
    }

    private StartCanary NewStart() => new(
        canaries.Text("start: text"), canaries.Text("start: sensitive"), canaries.Text("start: nullable"), canaries.Bytes("start: bytes"),
        canaries.Bytes("start: memory"), canaries.Link("start: link"), NewPart("start: part", NewPart("start: inner part", null)),
        new CanaryNote(canaries.Text("start: note's label"), canaries.Text("start: note")))
    {
        Lines = [canaries.Text("start: list"), canaries.Text("start: list")],
        Fixed = [canaries.Text("start: array")],
        Blobs = [canaries.Bytes("start: list of bytes")],
        Items = [new CanaryBlob(canaries.Text("start: blob's label"), canaries.Bytes("start: blob"))],
        Labels = new() { [canaries.Text("start: map key")] = canaries.Text("start: map value") },
        Names = new() { [7] = canaries.Text("start: numbered map value") },
        Parts = new() { [canaries.Text("start: key of a part")] = NewPart("start: part in a map", null) },
    };

    private CanaryPart NewPart(string name, CanaryPart? inner) => new(canaries.Text(name + ", text"), canaries.Bytes(name + ", bytes"), inner);
}
