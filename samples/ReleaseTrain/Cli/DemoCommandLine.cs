using System.CommandLine;

namespace ReleaseTrain.Cli;

/// <summary>The options of <c>eng/demo</c>.</summary>
public static class DemoCommandLine
{
    private static readonly Option<string> s_root = new("--root") { Description = "The folder of .agentflow and deployments.", DefaultValueFactory = _ => "." };
    private static readonly Option<string> s_repo = new("--repo") { Description = "The git repository whose HEAD is released.", DefaultValueFactory = _ => "." };
    private static readonly Option<bool> s_autoApprove = new("--auto-approve") { Description = "Approve by the demo key. Development only." };
    private static readonly Option<bool> s_exitWhenWaiting = new("--exit-when-waiting") { Description = "Exit with 8 at the gate." };
    private static readonly Option<string?> s_approve = new("--approve") { Description = "Approve the request with this id; needs --digest." };
    private static readonly Option<string?> s_reject = new("--reject") { Description = "Reject the request with this id; needs --reason." };
    private static readonly Option<string?> s_digest = new("--digest") { Description = "The digest that was shown: af1: and 64 digits." };
    private static readonly Option<string?> s_reason = new("--reason") { Description = "Why." };
    private static readonly Option<string?> s_verify = new("--verify") { Description = "Verify a receipt offline; opens no store." };
    private static readonly Option<string?> s_trust = new("--trust") { Description = "The file of trusted approvers; by default approvers.pub beside the receipt." };
    private static readonly Option<int?> s_expiresAfter = new("--expires-after") { Description = "How many seconds a new request waits for an answer, at most; 1 or more." };
    private static readonly Option<bool> s_forget = new("--forget") { Description = "Destroy the keys of finished runs once their end is shown. Receipts stay." };
    private static readonly Option<bool> s_check = new("--check") { Description = "Verify the logs of all threads, signature by signature." };
    private static readonly Option<bool> s_json = new("--json") { Description = "Print one JSON object on standard output." };
    private static readonly Option<bool> s_fresh = new("--fresh") { Description = "Wipe the demo's store first." };
    private static readonly Option<bool> s_keep = new("--keep") { Description = "Leave the deployed service running." };

    public static Task<int> InvokeAsync(string[] args, Func<DemoOptions, CancellationToken, Task<ExitCode>> run)
    {
        var root = new RootCommand("Builds, tests, scans and deploys a service: the release train of AgentFlow.")
        {
            s_root, s_repo, s_autoApprove, s_exitWhenWaiting, s_approve, s_digest, s_reject, s_reason, s_verify, s_trust, s_expiresAfter, s_forget, s_check, s_json, s_fresh,
            s_keep,
        };
        root.Validators.Add(result =>
        {
            if (result.GetValue(s_approve) is not null && result.GetValue(s_digest) is null)
                result.AddError("--approve needs --digest: the digest that the request showed.");
            if (result.GetValue(s_reject) is not null && string.IsNullOrWhiteSpace(result.GetValue(s_reason)))
                result.AddError("--reject needs --reason: people want to know why.");
            if (result.GetValue(s_approve) is not null && result.GetValue(s_reject) is not null)
                result.AddError("Either --approve or --reject, not both.");
            if (result.GetValue(s_expiresAfter) is < 1)
                result.AddError("--expires-after takes a number of seconds, 1 or more.");
        });
        root.SetAction(async (result, cancellationToken) => (int)await run(Read(result), cancellationToken));
        var parsed = root.Parse(args);
        if (parsed.Errors.Count == 0)
            return parsed.InvokeAsync();
        foreach (var error in parsed.Errors)
            Console.Error.WriteLine($"error: {error.Message}");
        Console.Error.WriteLine("`--help` lists the options.");
        return Task.FromResult((int)ExitCode.Usage);
    }

    private static DemoOptions Read(ParseResult result) => new()
    {
        Root = result.GetValue(s_root)!,
        Repository = Path.GetFullPath(result.GetValue(s_repo)!),
        AutoApprove = result.GetValue(s_autoApprove),
        ExitWhenWaiting = result.GetValue(s_exitWhenWaiting),
        Approve = result.GetValue(s_approve),
        Reject = result.GetValue(s_reject),
        Digest = result.GetValue(s_digest),
        Reason = result.GetValue(s_reason),
        Verify = result.GetValue(s_verify),
        Trust = result.GetValue(s_trust),
        ExpiresAfter = result.GetValue(s_expiresAfter) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        Forget = result.GetValue(s_forget),
        Check = result.GetValue(s_check),
        Json = result.GetValue(s_json),
        Fresh = result.GetValue(s_fresh),
        Keep = result.GetValue(s_keep),
    };
}
