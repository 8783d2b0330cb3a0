namespace AgentFlow.Generators.Tests.Agents;

/// <summary>Sources whose contracts the generator completes itself.</summary>
internal static class Stubs
{
    public static string[] With(params string[] sources) => sources;
}
