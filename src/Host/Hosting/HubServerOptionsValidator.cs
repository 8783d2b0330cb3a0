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
        if (options.MaxBlobBytes < 1)
            failures.Add($"HubServerOptions.MaxBlobBytes is {options.MaxBlobBytes}. Set at least 1.");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
