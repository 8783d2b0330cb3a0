using System.Runtime.CompilerServices;

namespace AgentFlow.Hub.Checks;

/// <summary>Reads every log of a store once. What is appended meanwhile is left out.</summary>
internal static class StoreCheck
{
    private const int Threads = 256;
    private const int Rows = 256;

    public static async IAsyncEnumerable<ThreadReport> RunAsync(ILogSource source, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using (source.ConfigureAwait(false))
        {
            // Heads only rise, and nobody acknowledges what does not stand yet: running hubs do not disturb this.
            var beyond = await source.AckedBeyondAsync(cancellationToken).ConfigureAwait(false);
            IReadOnlyList<(ThreadId Thread, long Head)> page = [];
            do
            {
                ThreadId? after = page.Count > 0 ? page[^1].Thread : null;
                page = await source.ThreadsAsync(after, Threads, cancellationToken).ConfigureAwait(false);
                foreach (var (thread, head) in page)
                {
                    var check = new LogCheck(thread, head, beyond.Contains(thread));
                    while (check.Position < head && await source.RowsAsync(thread, check, head, Rows, cancellationToken).ConfigureAwait(false))
                    {
                    }

                    yield return check.End();
                }
            }
            while (page.Count > 0);
        }
    }
}
