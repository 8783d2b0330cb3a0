namespace AgentFlow.Storage;

/// <summary>Whether a write may be refused to keep the last free space of the disk.</summary>
public enum WriteKind
{
    /// <summary>The write adds data: it is refused with <see cref="StorageErrorKind.DiskFull"/> while free space is below the reserve.</summary>
    Grows,

    /// <summary>The write frees space or is needed to free it (acknowledgements, trims, deletes): it may use the reserve.</summary>
    Frees,
}
