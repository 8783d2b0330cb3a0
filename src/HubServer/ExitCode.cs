namespace AgentFlow.HubServer;

/// <summary>How the process ends.</summary>
public static class ExitCode
{
    /// <summary>It did what it was asked to do.</summary>
    public const int Done = 0;

    /// <summary>The store or an address could not be opened, or a check found a fault.</summary>
    public const int Failed = 1;

    /// <summary>A flag or setting makes no sense.</summary>
    public const int Usage = 2;
}
