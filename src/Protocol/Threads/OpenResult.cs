namespace AgentFlow.Protocol.Threads;

/// <summary>How the opening of an envelope ended.</summary>
public enum OpenOutcome
{
    /// <summary>Opened: the buffer holds the padded plaintext. The state moved on.</summary>
    Opened,

    /// <summary>It is an own envelope, known by its digest; its plaintext is in the own store. The state moved on.</summary>
    Own,

    /// <summary>
    /// The public checks passed, the body does not open. The state has not moved: fetch the envelope once more, then open it with <see cref="OpenMode.Final"/>.
    /// </summary>
    Damaged,

    /// <summary>
    /// The body does not open, finally: show it as an EnvelopeRejected. The state moved on; the buffer holds the 32-byte message key, to be kept sealed for
    /// 24 h.
    /// </summary>
    Rejected,

    /// <summary>The hub no longer has the body. The state moved on.</summary>
    Expired,

    /// <summary>This member is locked: it keeps up in public, and stores the envelope unread. The state moved on.</summary>
    Locked,

    /// <summary>A public check failed: what stands at the hub is not a valid thread. The state has not moved. Fetch again; if it lasts, it is a gap.</summary>
    HubFault,

    /// <summary>
    /// An envelope of the own device that this state did not send: the store is older than the thread, or copied. Stop; make a new device key.
    /// </summary>
    OwnConflict,

    /// <summary>A valid Commit that this version cannot follow. The state has not moved.</summary>
    Unsupported,
}

/// <summary>Whether a body that does not open may be fetched again.</summary>
public enum OpenMode
{
    /// <summary>A body that does not open is reported as <see cref="OpenOutcome.Damaged"/>.</summary>
    First,

    /// <summary>The envelope was fetched again: a body that does not open is rejected for good.</summary>
    Final,
}

/// <summary>What came of an envelope.</summary>
public readonly struct OpenResult
{
    /// <summary>How it ended.</summary>
    public OpenOutcome Outcome { get; internal init; }

    /// <summary>Why, where it was refused.</summary>
    public ProtocolError Error { get; internal init; }

    /// <summary>What the public checks found; empty where they failed.</summary>
    public CheckedEnvelope Envelope { get; internal init; }

    /// <summary>The agent that sent it.</summary>
    public AgentId Sender { get; internal init; }

    /// <summary>The sender's clock in Unix milliseconds: a claim.</summary>
    public long Time { get; internal init; }

    /// <summary>The group context that the envelope is bound to, for proofs.</summary>
    public Bytes32 Context { get; internal init; }

    /// <summary>Kc, for proofs; zero where nothing was opened.</summary>
    public Bytes32 CommitmentKey { get; internal init; }

    /// <summary>Whether the thread moved on by one position.</summary>
    public bool HasAdvanced => Outcome is OpenOutcome.Opened or OpenOutcome.Own or OpenOutcome.Rejected or OpenOutcome.Expired or OpenOutcome.Locked;

    internal static OpenResult Refused(OpenOutcome outcome, ProtocolError error) => new() { Outcome = outcome, Error = error };
}
