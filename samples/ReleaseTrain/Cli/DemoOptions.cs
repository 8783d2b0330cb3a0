namespace ReleaseTrain.Cli;

/// <summary>What the command line asks for.</summary>
public sealed record DemoOptions
{
    public required string Root { get; init; }

    public required string Repository { get; init; }

    public bool AutoApprove { get; init; }

    public bool ExitWhenWaiting { get; init; }

    public string? Approve { get; init; }

    public string? Reject { get; init; }

    public string? Digest { get; init; }

    public string? Reason { get; init; }

    public string? Verify { get; init; }

    public string? Trust { get; init; }

    /// <summary>The longest that a new request waits, or null for what the contract says.</summary>
    public TimeSpan? ExpiresAfter { get; init; }

    /// <summary>Whether to destroy the keys of finished runs.</summary>
    public bool Forget { get; init; }

    public bool Check { get; init; }

    public bool Json { get; init; }

    public bool Fresh { get; init; }

    public bool Keep { get; init; }
}
