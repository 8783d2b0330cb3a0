using System.Text;
using AgentFlow.Protocol.Crypto;

namespace AgentFlow.Protocol.Frames;

/// <summary>Computes ids of contracts: the first 16 bytes of <c>H("AF1 contract", name)</c>.</summary>
public static class ContractIds
{
    /// <summary>The id of a contract.</summary>
    /// <param name="name">The wire name, without the version.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static ContractId Of(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return ContractId.Read(AfHash.Hash(Labels.Contract, Encoding.UTF8.GetBytes(name)).Span);
    }
}
