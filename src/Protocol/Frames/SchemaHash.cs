using System.Text;
using AgentFlow.Protocol.Crypto;

namespace AgentFlow.Protocol.Frames;

/// <summary>Computes schema hashes: <c>H("AF1 schema", text)</c>.</summary>
public static class SchemaHash
{
    /// <summary>The hash of a schema.</summary>
    /// <param name="schemaText">The emitted <c>.proto</c> text: LF line ends, fields by number, no comments. Hashed as UTF-8.</param>
    public static Bytes32 Of(string schemaText)
    {
        ArgumentNullException.ThrowIfNull(schemaText);
        return AfHash.Hash(Labels.Schema, Encoding.UTF8.GetBytes(schemaText));
    }
}
