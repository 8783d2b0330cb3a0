using Microsoft.Extensions.Options;

namespace AgentFlow.Host.Hosting;

/// <summary>Checks the options when the host starts.</summary>
internal sealed class HubServerOptionsValidator : IValidateOptions<HubServerOptions>
{
    private const int SmallestMessage = 512 << 10;

    public ValidateOptionsResult Validate(string? name, HubServerOptions options)
    {
        List<string> failures = [];
        if (string.IsNullOrWhiteSpace(options.Directory))
            failures.Add("HubServerOptions.Directory is empty. Name the folder of the hub's store.");
        if (options.MaxMessageBytes < SmallestMessage)
            failures.Add($"HubServerOptions.MaxMessageBytes is {options.MaxMessageBytes}. Set at least {SmallestMessage}, so that the largest envelope fits.");
        if (options.MaxConnections < 1)
            failures.Add($"HubServerOptions.MaxConnections is {options.MaxConnections}. Set at least 1.");
        if (options.MaxBlobBytes < 1)
            failures.Add($"HubServerOptions.MaxBlobBytes is {options.MaxBlobBytes}. Set at least 1.");
        if (options.TokenLifetime < TimeSpan.FromMinutes(1) || options.TokenLifetime > TimeSpan.FromHours(24))
            failures.Add($"HubServerOptions.TokenLifetime is {options.TokenLifetime}. Set from 1 minute to 24 hours.");
        if (options.RevocationCheckInterval < TimeSpan.FromSeconds(1) || options.RevocationCheckInterval > TimeSpan.FromMinutes(10))
            failures.Add($"HubServerOptions.RevocationCheckInterval is {options.RevocationCheckInterval}. Set from 1 second to 10 minutes.");
        if (!options.RequireLogin && options.IsBehindProxy)
            failures.Add("HubServerOptions.RequireLogin is off behind a proxy, so that whoever reaches the proxy may do everything. Leave it on.");
        Check(options.AgentLimit, nameof(options.AgentLimit));
        Check(options.AddressLimit, nameof(options.AddressLimit));
        failures.AddRange(options.Origins.Where(origin => !IsOrigin(origin)).Select(origin =>
            $"HubServerOptions.Origins has '{origin}'. Give scheme, host and port as callers dial them, such as https://hub.example.org."));
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Check(RateLimit? limit, string option)
        {
            if (limit is not null && (limit.Calls < 1 || limit.Burst < limit.Calls || limit.Per <= TimeSpan.Zero))
                failures.Add($"HubServerOptions.{option} is {limit}. Set at least 1 call, a period above zero, and a burst of at least as many calls.");
        }
    }

    private static bool IsOrigin(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri is { PathAndQuery: "/", Fragment: "", UserInfo: "" };
}
