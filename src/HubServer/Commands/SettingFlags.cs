using System.Collections;
using System.CommandLine;
using AgentFlow.HubServer.Settings;

namespace AgentFlow.HubServer.Commands;

/// <summary>The flags of a command that stand for settings, and the settings that come out of them.</summary>
internal sealed class SettingFlags
{
    private readonly Option<string?> _file = new("--settings")
    {
        Description = $"The file of the settings. Default: {SettingSources.DefaultFile} in the current folder, if it is there.",
    };

    private readonly List<(Setting Setting, Option Option)> _options = [];

    /// <summary>Adds the flags to a command.</summary>
    public SettingFlags(Command command, IEnumerable<Setting> settings)
    {
        command.Add(_file);
        foreach (var setting in settings.Where(setting => !setting.IsSecret))
        {
            string usual = setting.Default.Length == 0 || setting.IsSwitch ? "" : $" Default: {setting.Default}.";
            Option option = setting.IsSwitch
                ? new Option<bool>(setting.Flag) { Description = setting.Description }
                : new Option<string>(setting.Flag) { Description = setting.Description + usual };
            command.Add(option);
            _options.Add((setting, option));
        }
    }

    /// <summary>Runs a command with the settings, or says what is wrong with them.</summary>
    public Task<int> RunAsync(ParseResult result, Func<HubSettings, Task<int>> run)
    {
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "");
        var file = SettingSources.ReadFile(result.GetValue(_file), environment, out string? fault);
        if (fault is not null)
            return Task.FromResult(Complaint.Usage([fault]));
        var settings = SettingsReader.Read(new SettingSources(Given(result), environment, file), out var faults);
        return faults.Count > 0 ? Task.FromResult(Complaint.Usage(faults)) : run(settings);
    }

    private Dictionary<string, string> Given(ParseResult result) => _options
        .Where(pair => result.GetResult(pair.Option) is { Implicit: false })
        .ToDictionary(pair => pair.Setting.Name, pair => Text(result, pair.Option));

    private static string Text(ParseResult result, Option option) =>
        option is Option<bool> on ? (result.GetValue(on) ? "true" : "false") : result.GetValue((Option<string>)option) ?? "";
}
