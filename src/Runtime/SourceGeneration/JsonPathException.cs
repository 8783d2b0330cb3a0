using System.Text.Json;

namespace AgentFlow.SourceGeneration;

/// <summary>JSON that does not fit, with the path to the place.</summary>
internal sealed class JsonPathException(string path, string reason, Exception? inner) : JsonException($"${path}: {reason}", "$" + path, null, null, inner)
{
    public string RelativePath { get; } = path;

    public string Reason { get; } = reason;
}
