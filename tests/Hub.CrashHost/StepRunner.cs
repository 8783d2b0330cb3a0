using System.Globalization;
using AgentFlow.Hub.Stores;
using AgentFlow.Hub.Tests.Helpers;

namespace AgentFlow.Hub.CrashHost;

/// <summary>Does steps against a store and describes what the store answers and holds.</summary>
public static class StepRunner
{
    public static async Task<string> RunAsync(IEnvelopeStore store, Step step, CancellationToken cancellationToken)
    {
        if (step.Commit is { } commit)
        {
            var result = await store.CommitAsync(commit, cancellationToken);
            return Text(result);
        }

        if (step.Claim is { } request)
            return Text((await store.ClaimAsync(request, cancellationToken)).Select(c => (c.Id.Thread, c.Owner, c.Token)));
        return "";
    }

    public static string Text(StoreResult result) =>
        $"{result.Status} [{string.Join(',', result.Values)}] {result.Current.ToString(CultureInfo.InvariantCulture)} {result.IsRepetition}";

    public static string Text(IEnumerable<(ThreadId Thread, Guid Owner, long Token)> claims) => string.Join(' ', claims.Select(c => $"{c.Thread} {c.Owner} {c.Token}"));

    /// <summary>Everything that can be read, as text.</summary>
    public static async Task<string> DumpAsync(IEnvelopeStore store, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        for (int t = 1; t <= StepStream.Threads; t++)
        {
            var info = await store.GetThreadAsync(Make.Thread(t), cancellationToken);
            var page = await store.ReadThreadAsync(Make.Thread(t), 0, 10_000, int.MaxValue, cancellationToken);
            var members = await store.ReadMembersAsync(Make.Thread(t), cancellationToken);
            var state = await store.GetAsync(StepStream.ThreadKey(t), cancellationToken);
            lines.Add($"thread {t} {info?.Head} {info?.FirstAvailable} {info?.IsClosed} {info?.MembersVersion} state {state?.Version} {Hex(state?.Value)}");
            lines.AddRange(members.Select(m => $"  member {m.Agent} {m.FromPosition}").Order(StringComparer.Ordinal));
            lines.AddRange(page.Envelopes.Select(e => $"  {e.Position} {e.MessageId} {e.IsExpired} {Hex(e.Envelope)}"));
        }

        for (int a = 1; a <= StepStream.Agents; a++)
        {
            var state = await store.GetAsync(StepStream.AgentKey(a), cancellationToken);
            lines.Add($"agent {a} state {state?.Version} {Hex(state?.Value)}");
            var inbox = await store.ReadInboxAsync(Make.Agent(a), unreadOnly: false, null, 1000, cancellationToken);
            lines.AddRange(inbox.Entries.Select(e => $"  inbox {e.Thread} {e.Head} {e.Acknowledged}").Order(StringComparer.Ordinal));
        }

        return string.Join('\n', lines);
    }

    public static string Hex(ReadOnlyMemory<byte>? bytes) => bytes is { } value ? Convert.ToHexStringLower(value.Span) : "-";
}
