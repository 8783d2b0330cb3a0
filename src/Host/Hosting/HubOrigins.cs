using AgentFlow.Protocol.Identity;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace AgentFlow.Host.Hosting;

/// <summary>
/// The addresses by which callers know this hub, for one of which a login must be signed. They come from the options, or else from where the server
/// listens, and never from a request: another hub could pass on a login that was made for itself.
/// </summary>
internal sealed class HubOrigins(IServer server, IOptions<HubServerOptions> options)
{
    private const string NameIt = "Name that in HubServerOptions.Origins, such as https://hub.example.org.";
    private static readonly string[] s_everywhere = ["0.0.0.0", "[::]", "*", "+"];
    private static readonly string[] s_localhost = ["localhost", "127.0.0.1", "[::1]"];
    private readonly Lazy<HashSet<string>> _all = new(() => Find(server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [], options.Value));

    /// <summary>All of them; complete once the server listens.</summary>
    public IReadOnlySet<string> All => _all.Value;

    /// <summary>The reason not to listen on an address, or null.</summary>
    public static string? Refuse(string address, HubServerOptions options)
    {
        if (!options.RequireLogin || options.Origins.Count > 0)
            return null;
        if (options.IsBehindProxy)
            return "A proxy is in front of the hub, so its callers dial another address than the hub knows. " + NameIt;
        return Of(address).Any()
            ? null
            : $"The hub listens on {address}, which does not say what its callers dial. " + NameIt;
    }

    private static HashSet<string> Find(IEnumerable<string> addresses, HubServerOptions options) =>
        options.Origins.Count > 0 ? [.. options.Origins.Select(origin => HubLogin.OriginOf(new Uri(origin)))] : [.. addresses.SelectMany(Of)];

    private static IEnumerable<string> Of(string address)
    {
        var binding = BindingAddress.Parse(address);
        if (binding.IsUnixPipe || binding.IsNamedPipe || s_everywhere.Contains(binding.Host))
            return [];
        // "localhost" is both loopback addresses; each of these is itself alone, because another process may have the other one.
        string[] hosts = binding.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? s_localhost : [binding.Host];
        return hosts.Select(host => HubLogin.OriginOf(new Uri($"{binding.Scheme}://{host}:{binding.Port}")));
    }
}
