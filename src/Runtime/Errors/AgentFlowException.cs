namespace AgentFlow;

/// <summary>The world failed: the hub, the store or a handler. Programmer errors and cancellation are not of this family.</summary>
public class AgentFlowException : Exception
{
    /// <summary>Makes an exception of a stable code and a sentence.</summary>
    /// <param name="code">The dotted code, listed in the documentation; it may cross the wire.</param>
    /// <param name="message">A sentence without payload, key or comment; it may cross the wire.</param>
    /// <param name="inner">The cause, which stays in the log.</param>
    public AgentFlowException(string code, string message, Exception? inner = null)
        : base(message, inner) => Code = code;

    /// <summary>The dotted, stable code.</summary>
    public string Code { get; }
}
