using AgentFlow.Keys;

namespace AgentFlow.Hosting;

/// <summary>How the stored keys are sealed, by the options of the app.</summary>
internal static class KeySettings
{
    /// <summary>For a store that one process owns.</summary>
    public static KeyOptions OwnKeys(this AgentFlowOptions options) => Of(options, options.MachineKeyPath is null ? null : KeySource.MachineKey);

    /// <summary>For a store that processes share, perhaps on several machines: a secret that can be given to each of them, never the one of a desktop session.</summary>
    public static KeyOptions SharedKeys(this AgentFlowOptions options) => Of(options, options.Passphrase is null ? KeySource.MachineKey : KeySource.Passphrase);

    private static KeyOptions Of(AgentFlowOptions options, KeySource? source) =>
        new() { Source = source, MachineKeyPath = options.MachineKeyPath, Passphrase = options.Passphrase };
}
