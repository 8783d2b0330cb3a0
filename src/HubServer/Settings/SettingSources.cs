using Microsoft.Extensions.Configuration;

namespace AgentFlow.HubServer.Settings;

/// <summary>A text and where it was said, for messages.</summary>
/// <param name="Text">The text.</param>
/// <param name="Origin">The flag, variable or key.</param>
public readonly record struct SettingText(string Text, string Origin);

/// <summary>What was said about the settings: a flag wins over the environment, the environment over the file, the file over the default.</summary>
/// <param name="flags">The text of each flag that was given, by the name of its setting.</param>
/// <param name="environment">The variables.</param>
/// <param name="file">The file, or null.</param>
public sealed class SettingSources(
    IReadOnlyDictionary<string, string> flags, IReadOnlyDictionary<string, string> environment, IConfiguration? file)
{
    /// <summary>The name of the file that is read from the current folder where it is there.</summary>
    public const string DefaultFile = "appsettings.json";

    /// <summary>The variable that names another file.</summary>
    public const string FileVariable = Setting.VariablePrefix + "SETTINGS";

    /// <summary>The file, or null.</summary>
    public IConfiguration? File => file;

    /// <summary>What counts for a setting.</summary>
    public SettingText Find(Setting setting)
    {
        if (flags.TryGetValue(setting.Name, out string? flag))
            return new SettingText(flag, setting.Flag);
        if (environment.TryGetValue(setting.Variable, out string? variable))
            return new SettingText(variable, setting.Variable);
        return file?[setting.Key] is { } text ? new SettingText(text, setting.Key) : new SettingText(setting.Default, setting.Flag);
    }

    /// <summary>A variable of the environment that is not the hub's own.</summary>
    public string? Variable(string name) => environment.GetValueOrDefault(name);

    /// <summary>Names that look like settings and are none: somebody has mistyped them.</summary>
    public IEnumerable<string> Unknown()
    {
        var variables = KnownSettings.All.Select(setting => setting.Variable).Append(FileVariable);
        foreach (string name in environment.Keys.Where(name => name.StartsWith(Setting.VariablePrefix, StringComparison.Ordinal)).Except(variables))
            yield return $"{name} is no setting. Known are {string.Join(", ", variables.Order(StringComparer.Ordinal))}.";
        var names = KnownSettings.All.Select(setting => setting.Name);
        var keys = file?.GetSection(Setting.Section).GetChildren().Select(child => child.Key) ?? [];
        foreach (string key in keys.Except(names, StringComparer.OrdinalIgnoreCase))
            yield return $"{Setting.Section}:{key} is no setting. Known are {string.Join(", ", names.Order(StringComparer.Ordinal))}.";
    }

    /// <summary>Reads the file that is named, or the one in the current folder where it is there.</summary>
    /// <param name="path">The file that a flag names, or null.</param>
    /// <param name="environment">The variables.</param>
    /// <param name="fault">What is wrong with the file and how to mend it, or null.</param>
    public static IConfiguration? ReadFile(string? path, IReadOnlyDictionary<string, string> environment, out string? fault)
    {
        fault = null;
        path ??= environment.GetValueOrDefault(FileVariable);
        string full = Path.GetFullPath(path ?? DefaultFile);
        if (!System.IO.File.Exists(full))
        {
            fault = path is null ? null : $"There is no file {full}. Name the file of the settings, or leave it out.";
            return null;
        }

        try
        {
            return new ConfigurationBuilder().AddJsonFile(full, optional: false, reloadOnChange: false).Build();
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or IOException or UnauthorizedAccessException)
        {
            fault = $"{full} cannot be read: {(e.InnerException ?? e).Message} It must hold one JSON object with a section \"{Setting.Section}\".";
            return null;
        }
    }
}
