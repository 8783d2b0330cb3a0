using System.Diagnostics.CodeAnalysis;

namespace AgentFlow.Protocol.Identity;

/// <summary>Where an agent is found: <c>name@hub/af1/</c> and 52 characters of base32. The name is a hint; the id decides.</summary>
/// <param name="Name">The name, not empty.</param>
/// <param name="Hub">The host of the hub, with its port where it is not the default.</param>
/// <param name="Agent">The agent.</param>
public sealed record AgentAddress(string Name, string Hub, AgentId Agent)
{
    /// <summary>The text form.</summary>
    public override string ToString() => $"{Name}@{Hub}/{Agent}";

    /// <summary>Reads the text form.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out AgentAddress? address)
    {
        address = null;
        int slash = text?.LastIndexOf("/af1/", StringComparison.Ordinal) ?? -1;
        if (slash < 0)
            return false;
        int at = text!.LastIndexOf('@', slash);
        if (at < 1 || at + 1 == slash || !AgentId.TryParse(text.AsSpan(slash + 1), null, out var agent))
            return false;
        address = new AgentAddress(text[..at], text[(at + 1)..slash], agent);
        return true;
    }
}
