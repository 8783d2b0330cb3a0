namespace AgentFlow.Protocol.Crypto;

/// <summary>The crypto suite of this process, loaded and tested on first use.</summary>
internal static class Suite
{
    /// <summary>The number of the only suite there is so far.</summary>
    public const byte One = 1;

    private static readonly Lock s_lock = new();
    private static ICryptoSuite? s_current;

    /// <summary>The suite.</summary>
    /// <exception cref="DllNotFoundException">libsodium is missing; the message names the install command.</exception>
    /// <exception cref="PlatformNotSupportedException">libsodium is too old, or fails the start-up test.</exception>
    public static ICryptoSuite Current => s_current ?? Load();

    private static ICryptoSuite Load()
    {
        lock (s_lock)
        {
            if (s_current is { } loaded)
                return loaded;
            var suite = new SodiumSuite();
            SuiteSelfTest.Run(suite);
            return s_current = suite;
        }
    }
}
