namespace AgentFlow.Generators.Shared;

/// <summary>What diagnostics have in common.</summary>
internal static class Help
{
    public const string Category = "AgentFlow";

    /// <summary>The section of docs/diagnostics.md that explains the rules; the anchor is the id in lower case.</summary>
    public const string Page = "docs/diagnostics.md#";

    /// <summary>The custom tag of a rule that is known only when the whole compilation was seen.</summary>
    public const string CompilationEnd = "CompilationEnd";
}
