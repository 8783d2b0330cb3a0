namespace AgentFlow;

/// <summary>How much damage an action can do.</summary>
public enum Risk
{
    /// <summary>Reversible and small.</summary>
    Low = 0,

    /// <summary>Worth a look.</summary>
    Medium = 1,

    /// <summary>Hard to undo.</summary>
    High = 2,

    /// <summary>Could end something that matters.</summary>
    Critical = 3,
}
