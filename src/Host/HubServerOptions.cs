namespace AgentFlow;

/// <summary>Settings of a hub that other processes reach over gRPC. The defaults serve this machine alone.</summary>
public sealed class HubServerOptions
{
    /// <summary>The folder of the hub's store, relative to the content root.</summary>
    /// <value><c>.agentflow</c>.</value>
    public string Directory { get; set; } = ".agentflow";

    /// <summary>The most connections at once; what comes beyond is closed at once. One connection carries many streams, so a process needs one or a few.</summary>
    /// <value>1,000.</value>
    public int MaxConnections { get; set; } = 1000;

    /// <summary>The most bytes of one message, before and after decompression. A longer one is refused before it is read.</summary>
    /// <value>4 MiB; at least 512 KiB, so that the largest envelope fits.</value>
    public int MaxMessageBytes { get; set; } = 4 << 20;

    /// <summary>The most bytes of one blob.</summary>
    /// <value>16 MiB.</value>
    public int MaxBlobBytes { get; set; } = 16 << 20;

    /// <summary>
    /// Whether callers must prove which agent they speak for. Without it whoever reaches the port can read and acknowledge every inbox, so it is a switch
    /// for experiments on one machine: only loopback is served then. What is in the envelopes stays sealed.
    /// </summary>
    /// <value>True.</value>
    public bool RequireLogin { get; set; } = true;

    /// <summary>
    /// The addresses that callers dial, scheme, host and port, such as <c>https://hub.example.org</c>. A login is signed for one of them, so that another hub
    /// cannot pass it on. Needed behind a proxy and where the server listens on every address of the machine.
    /// </summary>
    /// <value>Empty: the addresses that the server listens on.</value>
    public IList<string> Origins { get; } = [];

    /// <summary>How long a token is good before its device must log in again.</summary>
    /// <value>15 minutes; from 1 minute to 24 hours.</value>
    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// How old the identity log may be by which a token is checked, and how often a stream's caller is looked at again: after that time a revoked device is
    /// refused by every hub on the store. The hub at which the revocation was registered refuses its new calls at once.
    /// </summary>
    /// <value>30 seconds; from 1 second to 10 minutes.</value>
    public TimeSpan RevocationCheckInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How often one agent may call, each append of a stream counted. A call beyond it is refused with the time after which it may come, and a stream of
    /// appends waits. Each process counts for itself. Null: no limit.
    /// </summary>
    /// <value>2,000 calls a second, 10,000 at once.</value>
    public RateLimit? AgentLimit { get; set; } = new(2_000, TimeSpan.FromSeconds(1), 10_000);

    /// <summary>
    /// How often calls may come from one address (of IPv6, from one /64) that carry no token, or none that is good: registrations, logins, health checks.
    /// Not used behind a proxy, whose address all callers share (limit there), nor where <see cref="RequireLogin"/> is off. Null: no limit.
    /// </summary>
    /// <value>200 calls a second, 1,000 at once.</value>
    public RateLimit? AddressLimit { get; set; } = new(200, TimeSpan.FromSeconds(1), 1_000);

    /// <summary>Whether a proxy in front of this process ends TLS, so that cleartext from other machines is accepted.</summary>
    /// <value>False: other machines are served over TLS only.</value>
    public bool IsBehindProxy { get; set; }
}
