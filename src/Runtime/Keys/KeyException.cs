namespace AgentFlow;

/// <summary>The keys of this process cannot be had: a file that others can read, a damaged one, a wrong passphrase, no secret service. The message names the file and what to do.</summary>
public sealed class KeyException : AgentFlowException
{
    internal KeyException(string code, string message, Exception? inner = null)
        : base(code, message, inner)
    {
    }
}
