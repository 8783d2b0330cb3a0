using Microsoft.Extensions.Options;

namespace AgentFlow.Hosting;

internal sealed class AgentFlowOptionsValidator : IValidateOptions<AgentFlowOptions>
{
    public ValidateOptionsResult Validate(string? name, AgentFlowOptions options)
    {
        var failures = new List<string>();
        void Check(bool isValid, string message)
        {
            if (!isValid)
                failures.Add(message);
        }

        Check(!string.IsNullOrWhiteSpace(options.Directory), "AgentFlowOptions.Directory must name a folder.");
        Check(AgentNames.IsValid(options.AppName), $"AgentFlowOptions.AppName '{options.AppName}' must be {AgentNames.Rule}.");
        Check(options.IdleThreadsInMemory >= 1, "AgentFlowOptions.IdleThreadsInMemory must be at least 1.");
        Check(options.ConcurrentHandlers >= 1, "AgentFlowOptions.ConcurrentHandlers must be at least 1.");
        Check(options.LeaseDuration >= TimeSpan.FromSeconds(1) && options.LeaseDuration <= TimeSpan.FromHours(1), "AgentFlowOptions.LeaseDuration must be 1 second to 1 hour.");
        Check(options.DeliveryCredit is >= 1 and <= 10_000, "AgentFlowOptions.DeliveryCredit must be 1 to 10,000.");
        Check(options.FirstSendPause > TimeSpan.Zero && options.LongestSendPause >= options.FirstSendPause,
            "AgentFlowOptions.FirstSendPause must be positive and not above LongestSendPause.");
        var names = new HashSet<string>(StringComparer.Ordinal) { options.AppName };
        foreach (var person in options.People)
        {
            Check(AgentNames.IsValid(person.Name), $"The person's name '{person.Name}' must be {AgentNames.Rule}.");
            Check(names.Add(person.Name), $"The name '{person.Name}' is used twice. Give each person and the app a name of its own.");
            Check(person.Roles.All(role => !string.IsNullOrWhiteSpace(role)), $"The person '{person.Name}' has an empty role.");
        }

        foreach (var (contract, tightened) in options.TightenedApprovals)
        {
            Check(tightened.Quorum is null or (>= 1 and <= byte.MaxValue), $"TightenApproval(\"{contract}\"): the quorum must be 1 to 255.");
            Check(tightened.ExpiresAfter is not { } time || time >= TimeSpan.FromSeconds(1), $"TightenApproval(\"{contract}\"): expiresAfter must be at least one second.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
