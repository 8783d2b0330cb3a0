using System.Globalization;
using AgentFlow.Diagnostics;
using AgentFlow.Store;

namespace AgentFlow.Engine;

/// <summary>Writes dead letters, and names them for people: <c>dl:agent:thread:position.frame</c>.</summary>
internal static class DeadLetters
{
    private const string Prefix = "dl:";

    public static void Add(ThreadSession session, FramePosition frame, string contract, int attempts, string cause)
    {
        session.Add(
            new AgentOp.AddDeadLetter(frame, cause, new AuditLine(frame.Position, contract, null, attempts.ToString(CultureInfo.InvariantCulture)).Encode()));
        session.Block(ThreadSession.Forever);
        session.SetOutcome(ThreadOutcome.Parked, $"dead letter at position {frame.Position}: {cause}");
        session.Audit(ThreadStepKind.DeadLettered, frame.Position, contract, detail: cause);
        session.AfterCommit(static () => Telemetry.DeadLetters.Add(1));
    }

    /// <summary>Gives a dead letter its tries again. The session goes on with it in the processor's next turn.</summary>
    public static async ValueTask<bool> RetryAsync(EngineServices engine, ThreadProcessor processor, FramePosition frame, CancellationToken cancellationToken)
    {
        if (await processor.LoadAsync().ConfigureAwait(false) is not { } session)
            return false;
        var rows = await engine.Store.ListDeadLettersAsync(session.Agent.Id, session.Thread, int.MaxValue, cancellationToken).ConfigureAwait(false);
        if (rows.All(row => row.Frame != frame))
            return false;
        session.Add(new AgentOp.RemoveDeadLetter(frame));
        session.Attempts = 0;
        session.Block(null);
        session.SetOutcome(ThreadOutcome.Running, null);
        await session.CommitAsync().ConfigureAwait(false);
        engine.Processors.Post(session.Key, WorkItem.Wake.Instance);
        return true;
    }

    public static DeadLetter Describe(DeadLetterRow row, string agent)
    {
        var line = AuditLine.Decode(row.Bytes);
        int attempts = int.Parse(line.Detail ?? "0", CultureInfo.InvariantCulture);
        return new DeadLetter(IdOf(row), row.Thread, agent, row.Frame.Position, line.Contract, attempts, row.Cause, row.At);
    }

    public static string IdOf(DeadLetterRow row) => $"{Prefix}{row.Agent}:{row.Thread}:{row.Frame}";

    public static bool TryParse(string id, out ThreadKey key, out FramePosition frame)
    {
        (key, frame) = (default, default);
        string[] parts = id.Split(':');
        if (parts.Length != 4 || parts[0] + ":" != Prefix || !AgentId.TryParse(parts[1], null, out var agent) || !ThreadId.TryParse(parts[2], null, out var thread))
            return false;
        string[] numbers = parts[3].Split('.');
        if (numbers.Length != 2 || !long.TryParse(numbers[0], NumberStyles.None, CultureInfo.InvariantCulture, out long position)
            || !int.TryParse(numbers[1], NumberStyles.None, CultureInfo.InvariantCulture, out int index))
            return false;
        (key, frame) = (new ThreadKey(agent, thread), new FramePosition(position, index));
        return true;
    }
}
