using System.Globalization;

namespace AgentFlow.HubServer.Tests.Failures;

/// <summary>How long the failure tests go on: a little as part of all tests, longer where <c>eng/chaos-hub</c> says so.</summary>
internal static class Chaos
{
    private const string Variable = "AGENTFLOW_CHAOS_ROUNDS";

    /// <summary>How many rounds, where the tests alone would do so many.</summary>
    public static int Rounds(int usual) => usual * int.Parse(Environment.GetEnvironmentVariable(Variable) ?? "1", CultureInfo.InvariantCulture);
}
