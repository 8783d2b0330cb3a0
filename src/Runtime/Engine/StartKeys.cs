using System.Security.Cryptography;
using System.Text;
using AgentFlow.Store;

namespace AgentFlow.Engine;

/// <summary>The idempotency keys of started threads: journal rows of a row of the app's own that is no thread at any hub.</summary>
internal static class StartKeys
{
    public static ThreadId ThreadOf(AgentId app) => new(SHA256.HashData([.. "AgentFlow starts"u8, .. app.Span]));

    public static byte[] KeyOf(string idempotencyKey) => SHA256.HashData(Encoding.UTF8.GetBytes(idempotencyKey));

    /// <summary>Makes the row, once.</summary>
    public static async ValueTask EnsureAsync(IAgentStore store, AgentId app, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await store.FindThreadAsync(app, ThreadOf(app), cancellationToken).ConfigureAwait(false) is not null)
            return;
        var commit = new AgentCommit { Agent = app, Thread = ThreadOf(app), ExpectVersion = 0, Operations = [new AgentOp.CreateThread(now)] };
        await store.CommitAsync(commit, cancellationToken).ConfigureAwait(false);
    }

    public static async ValueTask<ThreadId?> FindAsync(IAgentStore store, AgentId app, string idempotencyKey, CancellationToken cancellationToken) =>
        await store.FindJournalAsync(
            app, ThreadOf(app), KeyOf(idempotencyKey), cancellationToken).ConfigureAwait(false) is { } bytes ? new ThreadId(bytes.Span) : null;

    public static AgentCommit Claim(AgentId app, string idempotencyKey, ThreadId thread) => new()
    {
        Agent = app,
        Thread = ThreadOf(app),
        ExpectVersion = null,
        Operations = [new AgentOp.PutJournal(KeyOf(idempotencyKey), thread.Span.ToArray())],
    };
}
