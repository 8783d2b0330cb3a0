using System.Text.Json;

namespace AgentFlow.Protocol.Tests.Vectors;

/// <summary>The known-good bytes of AF1 that the second implementation wrote; README.md says what each key holds.</summary>
internal static class Af1Vectors
{
    private static readonly Lazy<JsonDocument> s_document =
        new(static () => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Vectors", "af1-vectors.json"))));

    public static JsonElement Root => s_document.Value.RootElement;

    public static byte[] Hex(this JsonElement element, string name) => Convert.FromHexString(element.GetProperty(name).GetString()!);

    public static Bytes32 Hash(this JsonElement element, string name) => new(element.Hex(name));

    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;

    public static int Int(this JsonElement element, string name) => element.GetProperty(name).GetInt32();

    public static long Long(this JsonElement element, string name) => element.GetProperty(name).GetInt64();
}
