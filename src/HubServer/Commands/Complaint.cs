namespace AgentFlow.HubServer.Commands;

/// <summary>Errors as they are printed: one a line, each with its fix.</summary>
internal static class Complaint
{
    public static int Usage(IEnumerable<string> errors)
    {
        Write(errors);
        Console.Error.WriteLine("`agentflow-hub --help` lists commands and flags.");
        return ExitCode.Usage;
    }

    public static int Failed(string error)
    {
        Write([error]);
        return ExitCode.Failed;
    }

    private static void Write(IEnumerable<string> errors)
    {
        foreach (string error in errors)
            Console.Error.WriteLine($"error: {error}");
    }
}
