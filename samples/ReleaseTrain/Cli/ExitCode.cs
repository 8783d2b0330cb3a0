namespace ReleaseTrain.Cli;

/// <summary>What the process says at its end; the same numbers as every AgentFlow command.</summary>
public enum ExitCode
{
    Done = 0,
    Failed = 1,
    Usage = 2,
    NotFound = 3,
    NotAllowed = 4,
    Conflict = 5,
    Refused = 7,
    Waiting = 8,
    VerificationFailed = 9,
    Interrupted = 130,
}
