using AgentFlow.Host.Calls;

namespace AgentFlow.Host.Services;

/// <summary>Answers to requests whose fields are not what the method takes.</summary>
internal static class Refusals
{
    public static Reply Id(params ReadOnlySpan<string> fields) => Reply.Invalid($"Not the bytes of an id: {string.Join(" or ", fields)}.");
}
