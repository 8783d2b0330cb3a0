using System.Net;
using AgentFlow.Wire.Statuses;
using Microsoft.AspNetCore.Http;

namespace AgentFlow.Host.Hosting;

/// <summary>Who may be served at all: loopback, and other machines where callers log in, over TLS.</summary>
internal static class Exposure
{
    private const string NeedsTls =
        "serves other machines over TLS only. Use an https address, or set HubServerOptions.IsBehindProxy where a proxy ends TLS.";

    private const string NeedsLogin =
        "does not ask who calls, so it serves this machine only. Bind it to loopback (http://127.0.0.1:PORT), or leave HubServerOptions.RequireLogin on.";

    /// <summary>The reason not to answer a call, or null.</summary>
    public static GrpcStatus? Refuse(HttpContext context, HubServerOptions options)
    {
        bool isLocal = context.Connection.LocalIpAddress is not { } address || IPAddress.IsLoopback(Unmapped(address));
        return Find(isLocal, context.Request.IsHttps, options) is { } reason ? new GrpcStatus(GrpcStatusCode.PermissionDenied, "The hub " + reason) : null;
    }

    /// <summary>The reason not to listen on an address, or null.</summary>
    public static string? Refuse(string address, HubServerOptions options)
    {
        var binding = BindingAddress.Parse(address);
        bool isLocal = binding.IsUnixPipe || binding.IsNamedPipe || binding.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(binding.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(Unmapped(ip)));
        bool isTls = binding.Scheme.Equals("https", StringComparison.OrdinalIgnoreCase);
        return Find(isLocal, isTls, options) is { } reason ? $"The hub listens on {address}, which other machines can reach, but it {reason}" : null;
    }

    private static string? Find(bool isLocal, bool isTls, HubServerOptions options)
    {
        if (isLocal)
            return null;
        if (!options.RequireLogin)
            return NeedsLogin;
        return isTls || options.IsBehindProxy ? null : NeedsTls;
    }

    private static IPAddress Unmapped(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
