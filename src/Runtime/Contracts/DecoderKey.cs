namespace AgentFlow.Contracts;

/// <summary>What a frame says of its payload: the whole of it must be on the allow-list before a byte is decoded.</summary>
internal readonly record struct DecoderKey(ContractId Contract, ushort Major, Bytes32 SchemaHash);
