using System.Globalization;
using AgentFlow.HubServer.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace AgentFlow.HubServer.Serving;

/// <summary>
/// The addresses, as the web server is told of them. Cleartext speaks HTTP/2 alone, because nothing on it says which version comes; TLS speaks both; the
/// address for health checks speaks HTTP/1.1.
/// </summary>
internal static class Endpoints
{
    public static IEnumerable<KeyValuePair<string, string?>> Configure(HubSettings settings)
    {
        // They are bound in the order of their names.
        for (int i = 0; i < settings.Urls.Count; i++)
        {
            foreach (var pair in Endpoint(string.Create(CultureInfo.InvariantCulture, $"Hub{i:D3}"), settings.Urls[i], "Http2"))
                yield return pair;
        }

        foreach (var pair in settings.HealthUrl is { } health ? Endpoint("HubHealth", health, "Http1") : [])
            yield return pair;
        if (settings.TlsCertificate is { } certificate)
        {
            yield return new("Kestrel:Certificates:Default:Path", certificate);
            yield return new("Kestrel:Certificates:Default:KeyPath", settings.TlsKey);
        }
    }

    /// <summary>Where it listens, with the ports that it got.</summary>
    public static string Describe(WebApplication app, HubSettings settings)
    {
        string[] addresses = [.. app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? []];
        return settings.HealthUrl is null
            ? string.Join(' ', addresses)
            : $"{string.Join(' ', addresses[..^1])}, health on {addresses[^1]}";
    }

    private static IEnumerable<KeyValuePair<string, string?>> Endpoint(string name, string url, string cleartext)
    {
        bool isTls = url.StartsWith("https:", StringComparison.OrdinalIgnoreCase);
        yield return new($"Kestrel:Endpoints:{name}:Url", url);
        yield return new($"Kestrel:Endpoints:{name}:Protocols", isTls ? "Http1AndHttp2" : cleartext);
    }
}
