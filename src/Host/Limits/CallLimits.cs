using System.Net;
using System.Threading.RateLimiting;
using AgentFlow.Host.Diagnostics;
using AgentFlow.Wire.Statuses;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace AgentFlow.Host.Limits;

/// <summary>How often callers may call: an agent that has logged in, by its id; everybody else, by the address. Thread-safe.</summary>
/// <remarks>Buckets that are full again are forgotten, so that strangers cannot fill the memory with addresses for longer than that takes.</remarks>
internal sealed class CallLimits : IDisposable
{
    private const int WaitingAppends = 4096;
    private readonly PartitionedRateLimiter<AgentId>? _agents;
    private readonly PartitionedRateLimiter<IPAddress>? _addresses;

    public CallLimits(IOptions<HubServerOptions> options)
    {
        var limits = options.Value;
        _agents = Make<AgentId>(limits.AgentLimit, WaitingAppends);
        // Behind a proxy every caller has the address of the proxy, which limits addresses better than the hub can; where nobody logs in, nobody is a stranger.
        _addresses = limits.IsBehindProxy || !limits.RequireLogin ? null : Make<IPAddress>(limits.AddressLimit, queue: 0);
    }

    /// <summary>Counts a call of an agent; the status that refuses it, or null.</summary>
    public GrpcStatus? Take(AgentId agent) => Refuse(_agents?.AttemptAcquire(agent), "agent");

    /// <summary>Counts a call of somebody who has not proved who it is; the status that refuses it, or null.</summary>
    public GrpcStatus? Take(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address ? Refuse(_addresses?.AttemptAcquire(NetworkOf(address)), "address") : null;

    /// <summary>
    /// Counts one append of a stream, and waits until it may come: appends of a stream must not overtake each other, so none is refused alone.
    /// </summary>
    public async ValueTask<GrpcStatus?> WaitAsync(AgentId agent, CancellationToken cancellationToken) =>
        _agents is null ? null : Refuse(await _agents.AcquireAsync(agent, 1, cancellationToken).ConfigureAwait(false), "agent");

    public void Dispose()
    {
        _agents?.Dispose();
        _addresses?.Dispose();
    }

    /// <summary>Who has an IPv6 address has the 2^64 of its network (RFC 6177), so the network counts.</summary>
    internal static IPAddress NetworkOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        Span<byte> bytes = stackalloc byte[16];
        if (!address.TryWriteBytes(bytes, out int length) || length != bytes.Length)
            return address;
        bytes[8..].Clear();
        return new IPAddress(bytes);
    }

    private static GrpcStatus? Refuse(RateLimitLease? lease, string scope)
    {
        if (lease is null)
            return null;
        using (lease)
        {
            if (lease.IsAcquired)
                return null;
            Telemetry.Limited(scope);
            return GrpcStatus.Limited(lease.TryGetMetadata(MetadataName.RetryAfter, out var pause) ? pause : TimeSpan.FromSeconds(1));
        }
    }

    private static PartitionedRateLimiter<T>? Make<T>(RateLimit? limit, int queue)
        where T : notnull => limit is null ? null : PartitionedRateLimiter.Create<T, T>(key => RateLimitPartition.GetTokenBucketLimiter(
            key,
            _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = limit.Burst, TokensPerPeriod = limit.Calls, ReplenishmentPeriod = limit.Per, QueueLimit = queue,
                QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
            }));
}
