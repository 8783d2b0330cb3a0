namespace AgentFlow;

/// <summary>Settings of a <see cref="GrpcHub"/>.</summary>
public sealed class GrpcHubOptions
{
    /// <summary>How long one call, or one append, may take.</summary>
    /// <value>30 seconds.</value>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a call that may be repeated is tried again while the hub does not answer. Appends are not: their sender repeats them.</summary>
    /// <value>30 seconds; zero tries once.</value>
    public TimeSpan RetryFor { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The first pause before a call or a subscription is tried again; each further one is twice as long, with jitter.</summary>
    /// <value>100 milliseconds.</value>
    public TimeSpan FirstPause { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest pause.</summary>
    /// <value>15 seconds.</value>
    public TimeSpan LongestPause { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Over how many streams appends travel. All appends of a thread travel the same one.</summary>
    /// <value>4.</value>
    public int AppendStreams { get; set; } = 4;

    /// <summary>The most bytes of one message of the hub.</summary>
    /// <value>4 MiB.</value>
    public int MaxMessageBytes { get; set; } = 4 << 20;

    /// <summary>The most bytes of one blob of the hub.</summary>
    /// <value>16 MiB.</value>
    public int MaxBlobBytes { get; set; } = 16 << 20;

    /// <summary>Whether to compress. Envelopes are ciphertext, which does not shrink.</summary>
    /// <value>False.</value>
    public bool UseGzip { get; set; }

    /// <summary>Whether to speak to another machine without TLS. Who talks to whom, and when, is then in the clear.</summary>
    /// <value>False: cleartext is for loopback.</value>
    public bool AllowCleartext { get; set; }

    /// <summary>Changes the handler of the connections, for client certificates or a proxy for example; null leaves it as it is.</summary>
    public Action<SocketsHttpHandler>? ConfigureHandler { get; set; }
}
