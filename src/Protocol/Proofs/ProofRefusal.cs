namespace AgentFlow.Protocol.Proofs;

/// <summary>Why a proof file proves nothing. The numbers are stable.</summary>
public enum ProofRefusal
{
    /// <summary>It is not refused.</summary>
    None = 0,

    /// <summary>It is not a proof file of version 1, or larger than one may be.</summary>
    Format = 1,

    /// <summary>A section is cut, unknown, missing, one too many, or out of order.</summary>
    Sections = 2,

    /// <summary>An identity log is not valid.</summary>
    IdentityLog = 3,

    /// <summary>An identity log is of nobody who matters here.</summary>
    UnusedIdentityLog = 4,

    /// <summary>A Commit is malformed or not valid, or a log that it needs is missing.</summary>
    Commit = 5,

    /// <summary>The signature of a Commit does not verify.</summary>
    CommitSignature = 6,

    /// <summary>The thread is not the expected one.</summary>
    UnexpectedThread = 10,

    /// <summary>The thread's creator is not the expected one.</summary>
    UnexpectedCreator = 11,

    /// <summary>An approver is not one of the expected ones.</summary>
    UnexpectedApprover = 12,

    /// <summary>The content is not the expected one.</summary>
    UnexpectedDigest = 13,

    /// <summary>The request's envelope is malformed, or is not an App envelope of one frame.</summary>
    Request = 20,

    /// <summary>The request is of another thread or epoch than the Commits end with, or names another context.</summary>
    RequestContext = 21,

    /// <summary>The request's sender is not a member that may send it.</summary>
    RequestSender = 22,

    /// <summary>The signature of the request does not verify.</summary>
    RequestSignature = 23,

    /// <summary>The plaintext is not the one that the request's signature commits to.</summary>
    RequestContent = 24,

    /// <summary>The frame breaks a rule for gated frames.</summary>
    RequestFrame = 25,

    /// <summary>A statement is malformed, out of order, or one of two of a person.</summary>
    Statement = 30,

    /// <summary>A statement fails a rule of counting: the verdict names it.</summary>
    Vote = 31,

    /// <summary>A person took the vote back.</summary>
    Withdrawn = 32,

    /// <summary>The position of a statement is not the first one that its thread hash allows.</summary>
    Position = 33,

    /// <summary>The run of thread hashes is malformed, or does not begin as the thread does.</summary>
    Run = 40,

    /// <summary>The request does not stand in the run, or its own view of the thread is another one.</summary>
    RunRequest = 41,

    /// <summary>The run does not reach the thread hash that a statement names, or does not end with the last one that a statement vouches for.</summary>
    RunEnd = 42,

    /// <summary>The statements are true, but decide nothing: a quorum is missing, and no no ends it.</summary>
    Undecided = 50,
}
