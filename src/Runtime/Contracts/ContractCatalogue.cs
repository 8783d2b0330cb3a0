using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using AgentFlow.SourceGeneration;

namespace AgentFlow.Contracts;

/// <summary>
/// Every contract of the composition. A frame finds its decoder by (contract, major, schema hash) or not at all: no guessing, no type names on the wire.
/// </summary>
internal sealed class ContractCatalogue
{
    private readonly FrozenDictionary<DecoderKey, PayloadDecoder> _decoders;
    private readonly FrozenDictionary<(ContractId, ushort), ContractEntry> _byId;
    private readonly FrozenDictionary<Type, ContractEntry> _byType;

    private ContractCatalogue(
        Dictionary<DecoderKey, PayloadDecoder> decoders, Dictionary<(ContractId, ushort), ContractEntry> byId, Dictionary<Type, ContractEntry> byType)
    {
        _decoders = decoders.ToFrozenDictionary();
        _byId = byId.ToFrozenDictionary();
        _byType = byType.ToFrozenDictionary();
    }

    public IEnumerable<ContractEntry> Entries => _byId.Values;

    public static ContractCatalogue Build(IEnumerable<MessageDescriptor> messages)
    {
        var decoders = new Dictionary<DecoderKey, PayloadDecoder>();
        var byId = new Dictionary<(ContractId, ushort), ContractEntry>();
        var byType = new Dictionary<Type, ContractEntry>();
        foreach (var message in messages)
        {
            var entry = new ContractEntry(message);
            if (byType.TryGetValue(message.ClrType, out var same) && same.Key == entry.Key)
                continue;
            if (!byId.TryAdd((entry.Id, entry.Major), entry) || !byType.TryAdd(message.ClrType, entry))
                throw new InvalidOperationException($"Contract '{message}' is registered twice. Give one of the types another name or version.");
            decoders.Add(entry.Key, new PayloadDecoder(entry, message, isExact: true));
        }

        foreach (var entry in byId.Values)
            AddOlder(decoders, entry);
        return new ContractCatalogue(decoders, byId, byType);
    }

    public bool TryFindDecoder(in DecoderKey key, [NotNullWhen(true)] out PayloadDecoder? decoder) => _decoders.TryGetValue(key, out decoder);

    public bool TryFind(ContractId id, ushort major, [NotNullWhen(true)] out ContractEntry? entry) => _byId.TryGetValue((id, major), out entry);

    public bool TryFind(Type type, [NotNullWhen(true)] out ContractEntry? entry) => _byType.TryGetValue(type, out entry);

    public ContractEntry Get(Type type) => _byType.TryGetValue(type, out var entry)
        ? entry
        : throw new InvalidOperationException(
            $"'{type}' is no registered contract. Put [Message] on it, and call the generated AddAgentFlow() of the project that sees it.");

    public ContractEntry Get(MessageDescriptor descriptor) => Get(descriptor.ClrType);

    private static void AddOlder(Dictionary<DecoderKey, PayloadDecoder> decoders, ContractEntry entry)
    {
        foreach (var compatible in entry.Descriptor.CompatibleSchemas)
            decoders.TryAdd(entry.Key with { SchemaHash = compatible }, new PayloadDecoder(entry, entry.Descriptor, isExact: false));
        foreach (var upcast in entry.Descriptor.Upcasts)
        {
            var older = new DecoderKey(entry.Id, upcast.From.Version, upcast.From.SchemaHash);
            decoders[older] = new PayloadDecoder(entry, upcast.From, isExact: false, upcast.Upcast);
        }
    }
}
