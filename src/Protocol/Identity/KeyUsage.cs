namespace AgentFlow.Protocol.Identity;

/// <summary>What a key of an identity log may do; exactly one.</summary>
public enum KeyUsage : ushort
{
    /// <summary>Signs the envelopes of one device.</summary>
    MessageDevice = 1,

    /// <summary>Signs the approval statements of a person.</summary>
    Approve = 2,

    /// <summary>Adds devices to the log, and revokes keys.</summary>
    Admin = 4,
}
