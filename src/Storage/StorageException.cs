namespace AgentFlow.Storage;

/// <summary>The store could not do what was asked. <see cref="Kind"/> says why; the message says what to do about it.</summary>
public class StorageException : Exception
{
    /// <summary>Makes an exception of a kind.</summary>
    public StorageException(StorageErrorKind kind, string message, Exception? innerException = null)
        : base(message, innerException) => Kind = kind;

    /// <summary>The kind of failure.</summary>
    public StorageErrorKind Kind { get; }

    /// <summary>Whether the same write may succeed later without any change to it.</summary>
    public bool IsRetryable => Kind is StorageErrorKind.Busy or StorageErrorKind.DiskFull or StorageErrorKind.Unavailable;
}
