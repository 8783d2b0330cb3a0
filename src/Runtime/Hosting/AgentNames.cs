using System.Buffers;

namespace AgentFlow.Hosting;

internal static class AgentNames
{
    public const string Rule = "1 to 64 lower case letters, digits and hyphens";
    private static readonly SearchValues<char> s_allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    public static bool IsValid(string? name) => name is { Length: >= 1 and <= 64 } && !name.AsSpan().ContainsAnyExcept(s_allowed);
}
