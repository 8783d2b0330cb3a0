namespace AgentFlow;

/// <summary>A thread cannot go on here: its bytes at the hub do not verify, or its storage key was destroyed.</summary>
public sealed class ThreadFaultException : AgentFlowException
{
    /// <summary>Makes an exception for a thread.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="code">The dotted code.</param>
    /// <param name="message">What is wrong.</param>
    public ThreadFaultException(ThreadId thread, string code, string message)
        : base(code, message) => Thread = thread;

    /// <summary>The thread.</summary>
    public ThreadId Thread { get; }
}
