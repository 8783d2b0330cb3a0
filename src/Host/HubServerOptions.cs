namespace AgentFlow;

/// <summary>Settings of a hub that other processes reach over gRPC. The defaults serve this machine alone.</summary>
public sealed class HubServerOptions
{
    /// <summary>The folder of the hub's store, relative to the content root.</summary>
    /// <value><c>.agentflow</c>.</value>
    public string Directory { get; set; } = ".agentflow";

    /// <summary>The most bytes of one message, before and after decompression. A longer one is refused before it is read.</summary>
    /// <value>4 MiB; at least 512 KiB, so that the largest envelope fits.</value>
    public int MaxMessageBytes { get; set; } = 4 << 20;

    /// <summary>The most bytes of one blob.</summary>
    /// <value>16 MiB.</value>
    public int MaxBlobBytes { get; set; } = 16 << 20;

    /// <summary>
    /// Whether to serve other machines although callers do not prove who they are: whoever reaches the port can then read and acknowledge every inbox. What
    /// is in the envelopes stays sealed.
    /// </summary>
    /// <value>False: only loopback is served.</value>
    public bool AllowRemoteWithoutAuthentication { get; set; }

    /// <summary>Whether a proxy in front of this process ends TLS, so that cleartext from other machines is accepted.</summary>
    /// <value>False: other machines are served over TLS only.</value>
    public bool IsBehindProxy { get; set; }
}
