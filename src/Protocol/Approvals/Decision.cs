namespace AgentFlow.Protocol.Approvals;

/// <summary>What a person answers; the numbers are wire values.</summary>
public enum Decision : byte
{
    /// <summary>Approves the request, until the statement expires.</summary>
    Yes = 1,

    /// <summary>Refuses the request.</summary>
    No = 2,

    /// <summary>Gives the vote away: neither yes nor no, and no later vote counts.</summary>
    Abstain = 3,

    /// <summary>Takes every vote of this person on the request back, for good.</summary>
    Withdraw = 4,
}
