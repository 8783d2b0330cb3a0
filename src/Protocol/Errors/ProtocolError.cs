namespace AgentFlow.Protocol;

/// <summary>Why AF1 bytes were refused. Hostile input is answered with one of these, never with an exception.</summary>
/// <remarks>The numbers are stable and may be stored or logged; they carry no secret.</remarks>
public enum ProtocolError
{
    /// <summary>Nothing was refused.</summary>
    None = 0,

    /// <summary>The bytes are shorter or longer than their own length fields say, or than AF1 allows.</summary>
    Length = 1,

    /// <summary>The bytes do not begin with the expected magic.</summary>
    Magic = 2,

    /// <summary>The version is not 1.</summary>
    Version = 3,

    /// <summary>A kind, type or enumerated value is not one that AF1 defines.</summary>
    Kind = 4,

    /// <summary>A reserved bit or byte is not zero, or a flag does not fit the kind.</summary>
    Reserved = 5,

    /// <summary>The suite is unknown, or is not the one of the thread's policy.</summary>
    Suite = 6,

    /// <summary>A field has a value that its rule forbids.</summary>
    Field = 7,

    /// <summary>Items stand in the wrong order, or one occurs twice.</summary>
    Order = 8,

    /// <summary>A text is not valid UTF-8, is empty, or has a character that is not allowed.</summary>
    Text = 9,

    /// <summary>A signature does not verify.</summary>
    Signature = 10,

    /// <summary>A public key is not usable: wrong form, or of low order.</summary>
    Key = 11,

    /// <summary>The signer may not sign this: wrong usage, revoked, or not the root.</summary>
    Signer = 12,

    /// <summary>A hash does not link to what it must extend.</summary>
    Link = 13,

    /// <summary>A sequence number has a gap or goes back.</summary>
    Sequence = 14,

    /// <summary>An identity log that is needed is not at hand: fetch it and check again.</summary>
    MissingLog = 20,

    /// <summary>An identity log does not contain the named head, or the head goes back.</summary>
    LogHead = 21,

    /// <summary>Two identity logs of one agent contradict each other: fork evidence.</summary>
    LogFork = 22,

    /// <summary>The device key is not in its log with usage 1, or it is revoked there.</summary>
    DeviceKey = 23,

    /// <summary>The thread hash of an older position is not at hand: the caller's store must supply it.</summary>
    MissingThreadHash = 24,

    /// <summary>The envelope belongs to another thread.</summary>
    ThreadMismatch = 30,

    /// <summary>The envelope was sealed in an epoch that is not the one at its position.</summary>
    StaleEpoch = 31,

    /// <summary>The sender's leaf is not in the roster.</summary>
    UnknownLeaf = 32,

    /// <summary>The role of the sender's leaf does not allow this.</summary>
    Role = 33,

    /// <summary>The generation is not one of the next 1,024 of its leaf, or not 0 in a Commit.</summary>
    Generation = 34,

    /// <summary>The sender's sequence number is not the next one: a replay, a reorder or a drop.</summary>
    SenderSequence = 35,

    /// <summary>The hash of the sender's previous envelope does not match.</summary>
    PreviousEnvelope = 36,

    /// <summary>The acknowledged position lies ahead, or goes back.</summary>
    Acknowledgement = 37,

    /// <summary>The acknowledged thread hash is another one: the hub shows two views. Kept as fork evidence.</summary>
    ThreadFork = 38,

    /// <summary>The position asked for is not the next one of the thread.</summary>
    Position = 39,

    /// <summary>The genesis Commit does not belong to the thread id that was expected.</summary>
    Genesis = 40,

    /// <summary>A Commit names another parent: epoch or context.</summary>
    CommitParent = 41,

    /// <summary>A change of a Commit is not valid.</summary>
    CommitChange = 42,

    /// <summary>The roster or policy hash of a Commit is not that of the result.</summary>
    CommitResult = 43,

    /// <summary>The wraps of a Commit are not exactly those of the other leaves.</summary>
    CommitWraps = 44,

    /// <summary>A policy changes in a way that does not only tighten it.</summary>
    PolicyLoosened = 45,

    /// <summary>The Commit is valid, but this version accepts no change of members after the genesis Commit.</summary>
    MembershipChangeUnsupported = 46,

    /// <summary>The own wrap or the confirmation is wrong: the member is locked until the next Commit.</summary>
    Locked = 50,

    /// <summary>The body does not decrypt under the sender's key.</summary>
    Decryption = 51,

    /// <summary>The plaintext is not the one that the sender's signature commits to.</summary>
    Commitment = 52,

    /// <summary>The padding is not 0x80 and zeros up to the right length.</summary>
    Padding = 53,

    /// <summary>The frames inside the plaintext are malformed.</summary>
    Frames = 54,

    /// <summary>The sender may not send in the state that the thread is in.</summary>
    NotSendable = 55,

    /// <summary>An approval statement is malformed or does not fit its request.</summary>
    Approval = 60,

    /// <summary>A proof file does not prove what was expected of it.</summary>
    Proof = 61,

    /// <summary>The number of frames does not fit the kind or the multi-frame flag of the envelope.</summary>
    FrameCount = 70,

    /// <summary>A frame's extension block is malformed: an entry out of order, twice, or of the wrong form.</summary>
    Extension = 71,

    /// <summary>A gated frame is not alone in its envelope.</summary>
    GatedNotAlone = 72,

    /// <summary>A gated frame is not of exactly the schema that is known here.</summary>
    GatedSchema = 73,

    /// <summary>A gated frame has an unknown field or extension, so not everything of it could be shown.</summary>
    GatedContent = 74,

    /// <summary>A gated frame has no salt.</summary>
    GatedSalt = 75,
}
