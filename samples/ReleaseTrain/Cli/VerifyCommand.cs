namespace ReleaseTrain.Cli;

/// <summary><c>--verify FILE</c>.</summary>
public static class VerifyCommand
{
    private const string Schema = "agentflow.demo/verify@1";

    public static ExitCode Run(DemoOptions options)
    {
        var (code, report) = Verify(options.Verify!, options.Trust);
        if (options.Json)
            Console.Out.WriteLine(report.ToJson());
        if (report.Error is { } error)
            Console.Error.WriteLine($"error: {error.Message}\n  {error.Hint}");
        else if (!options.Json && report.Data?.Verification is { } proven)
            Print(proven);
        return code;
    }

    private static (ExitCode Code, Report Report) Verify(string receipt, string? trust)
    {
        trust ??= Path.Combine(Path.GetDirectoryName(Path.GetFullPath(receipt))!, Receipts.TrustFile);
        foreach (string path in (string[])[receipt, trust])
        {
            if (!File.Exists(path))
                return (ExitCode.NotFound, Report.Failure(Schema, null, new ReportError("file.not_found", $"There is no file '{path}'.", "--verify FILE --trust FILE")));
        }

        try
        {
            var (verification, error) = ReceiptVerification.Verify(File.ReadAllBytes(receipt), ReceiptVerification.ReadTrust(trust));
            return error is null
                ? (ExitCode.Done, Report.Success(Schema, new ReportData(verification!.Thread, Verification: verification)))
                : (ExitCode.VerificationFailed, Report.Failure(Schema, null, error));
        }
        catch (FormatException e)
        {
            return (ExitCode.Usage, Report.Failure(Schema, null, new ReportError("trust.invalid", $"'{trust}' is no trust file: {e.Message}", "One agent id a line.")));
        }
    }

    private static void Print(ReportVerification proven)
    {
        Console.Out.WriteLine($"{proven.Decision}   {proven.Contract}\n  thread   {proven.Thread}\n  digest   {proven.Digest}");
        foreach (string approver in proven.Approvers)
            Console.Out.WriteLine($"  signed   {approver}");
        foreach (var (name, text) in proven.Members)
            Console.Out.WriteLine($"  {name,-8} {text}");
    }
}
