namespace AgentFlow;

/// <summary>What a handler returns that sends one of several contracts.</summary>
/// <typeparam name="T1">The first contract.</typeparam>
/// <typeparam name="T2">The second contract.</typeparam>
public readonly struct OneOf<T1, T2>
    where T1 : class
    where T2 : class
{
    private OneOf(object? value) => Value = value;

    /// <summary>The message, or null where nothing is to be sent.</summary>
    public object? Value { get; }

    /// <summary>Wraps a message of the first contract.</summary>
    public static implicit operator OneOf<T1, T2>(T1 value) => new(value);

    /// <summary>Wraps a message of the second contract.</summary>
    public static implicit operator OneOf<T1, T2>(T2 value) => new(value);
}

/// <summary>What a handler returns that sends one of three contracts.</summary>
/// <typeparam name="T1">The first contract.</typeparam>
/// <typeparam name="T2">The second contract.</typeparam>
/// <typeparam name="T3">The third contract.</typeparam>
public readonly struct OneOf<T1, T2, T3>
    where T1 : class
    where T2 : class
    where T3 : class
{
    private OneOf(object? value) => Value = value;

    /// <summary>The message, or null where nothing is to be sent.</summary>
    public object? Value { get; }

    /// <summary>Wraps a message of the first contract.</summary>
    public static implicit operator OneOf<T1, T2, T3>(T1 value) => new(value);

    /// <summary>Wraps a message of the second contract.</summary>
    public static implicit operator OneOf<T1, T2, T3>(T2 value) => new(value);

    /// <summary>Wraps a message of the third contract.</summary>
    public static implicit operator OneOf<T1, T2, T3>(T3 value) => new(value);
}
