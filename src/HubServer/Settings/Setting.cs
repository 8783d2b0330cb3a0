using System.Text.RegularExpressions;

namespace AgentFlow.HubServer.Settings;

/// <summary>
/// One setting of the hub, and the names by which it is given: a flag, a variable of the environment, a key in the section <c>Hub</c> of the file.
/// </summary>
/// <param name="Name">Its key in the file.</param>
/// <param name="Default">What it is where nothing is said.</param>
/// <param name="Description">What it decides.</param>
public sealed partial record Setting(string Name, string Default, string Description)
{
    /// <summary>What the name of every variable starts with.</summary>
    public const string VariablePrefix = "AGENTFLOW_HUB_";

    /// <summary>The section of the file.</summary>
    public const string Section = "Hub";

    /// <summary>Whether it holds a password, so that there is no flag for it: others can read a command line.</summary>
    public bool IsSecret { get; init; }

    /// <summary>Whether it is on or off.</summary>
    public bool IsSwitch { get; init; }

    /// <summary>The flag.</summary>
    public string Flag => "--" + Words().Replace(Name, "-$1").ToLowerInvariant();

    /// <summary>The variable.</summary>
    public string Variable => VariablePrefix + Words().Replace(Name, "_$1").ToUpperInvariant();

    /// <summary>The key in the file.</summary>
    public string Key => $"{Section}:{Name}";

    [GeneratedRegex("(?<=[a-z])([A-Z])")]
    private static partial Regex Words();
}
