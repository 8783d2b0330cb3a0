using System.CommandLine;
using AgentFlow.HubServer.Settings;
using AgentFlow.HubServer.Stores;
using AgentFlow.Storage;

namespace AgentFlow.HubServer.Commands;

/// <summary>The commands on what a hub has stored.</summary>
internal static class StoreCommands
{
    private static readonly IReadOnlyList<Setting> s_where = [KnownSettings.Store, KnownSettings.Data];

    private delegate Task<int> Work(HubSettings settings, ParseResult result, CancellationToken cancellationToken);

    public static Command Create() =>
        new("store", "Copies, backs up, restores, verifies and trims what a hub has stored.") { Copy(), Backup(), Restore(), Verify(), Trim() };

    private static Command Copy()
    {
        string variable = KnownSettings.Postgresql.Variable;
        var from = new Option<string>("--from") { Description = "The folder of a SQLite store that no hub has open.", Required = true };
        var to = new Option<string>("--to")
        {
            Description = $"postgresql: the database that {variable} names, in which no hub has stored anything.", Required = true,
        };
        to.AcceptOnlyFromAmong("postgresql");
        var command = new Command("copy", "Moves a store from SQLite to PostgreSQL with all ids and positions, and verifies it.") { from, to };
        return With(command, [], (settings, result, cancellationToken) => settings.Postgresql is null
            ? Task.FromResult(Complaint.Usage([$"{variable} is empty. Set it to the database to copy to."]))
            : StoreWork.CopyAsync(result.GetValue(from)!, settings, cancellationToken));
    }

    private static Command Backup()
    {
        var to = new Option<string>("--to") { Description = "A file that does not exist.", Required = true };
        var command = new Command("backup", "Writes a SQLite store into one file, while a hub serves it or not.") { to };
        return With(command, [KnownSettings.Data], (settings, result, cancellationToken) =>
            StoreWork.BackupAsync(settings, result.GetValue(to)!, cancellationToken));
    }

    private static Command Restore()
    {
        var from = new Option<string>("--from") { Description = "A file that 'store backup' wrote.", Required = true };
        var command = new Command("restore", "Makes a SQLite store of a back-up, in a folder without one.") { from };
        return With(command, [KnownSettings.Data], (settings, result, cancellationToken) =>
            StoreWork.RestoreAsync(result.GetValue(from)!, settings, cancellationToken));
    }

    private static Command Verify() => With(
        new Command("verify", "Reads every log and prints head and hash of each thread, while hubs serve it or not."),
        s_where,
        (settings, _, cancellationToken) => StoreWork.VerifyAsync(settings, cancellationToken));

    private static Command Trim()
    {
        var thread = new Option<ThreadId>("--thread")
        {
            Description = "The id of the thread.",
            Required = true,
            CustomParser = argument =>
            {
                if (ThreadId.TryParse(argument.Tokens[0].Value, null, out var id))
                    return id;
                argument.AddError($"'{argument.Tokens[0].Value}' is no id of a thread. 'agentflow-hub store verify' lists them.");
                return default;
            },
        };
        var below = new Option<long>("--below") { Description = "The first position that keeps its body.", Required = true };
        var command = new Command("trim", "Removes the bodies of a thread below a position for ever; on SQLite no hub may have the store open.")
        {
            thread, below,
        };
        return With(command, s_where, (settings, result, cancellationToken) =>
            StoreWork.TrimAsync(settings, result.GetValue(thread), result.GetValue(below), cancellationToken));
    }

    private static Command With(Command command, IReadOnlyList<Setting> settings, Work work)
    {
        var flags = new SettingFlags(command, settings);
        command.SetAction((result, cancellationToken) => flags.RunAsync(result, read => TryAsync(() => work(read, result, cancellationToken))));
        return command;
    }

    private static async Task<int> TryAsync(Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception e) when (e is StorageException or IOException or UnauthorizedAccessException)
        {
            return Complaint.Failed(e.Message);
        }
    }
}
