using System.CommandLine;
using AgentFlow.HubServer.Serving;
using AgentFlow.HubServer.Settings;

namespace AgentFlow.HubServer.Commands;

/// <summary>The command line of <c>agentflow-hub</c>. Without a command it serves.</summary>
public static class RootCommandLine
{
    /// <summary>Reads the command line and runs what it says.</summary>
    /// <param name="args">The command and its flags.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static Task<int> InvokeAsync(string[] args)
    {
        var root = new RootCommand("The hub of AgentFlow: stores and routes envelopes that it cannot read.");
        var serve = new Command("serve", "Serves the hub until the process is asked to stop; so does no command at all.");
        ServeBy(root);
        ServeBy(serve);
        root.Add(serve);
        root.Add(StoreCommands.Create());
        var parsed = root.Parse(args);
        // The process decides how long its calls may take to end.
        return parsed.Errors.Count == 0
            ? parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null })
            : Task.FromResult(Complaint.Usage(parsed.Errors.Select(error => error.Message)));
    }

    private static void ServeBy(Command command)
    {
        var flags = new SettingFlags(command, KnownSettings.All);
        command.SetAction((result, _) => flags.RunAsync(result, settings => HubProcess.RunAsync(settings, Complaint.Failed)));
    }
}
