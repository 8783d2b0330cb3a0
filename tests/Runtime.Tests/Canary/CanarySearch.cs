using System.Buffers.Binary;

namespace AgentFlow.Runtime.Tests.Canary;

/// <summary>Looks for many secrets in all their forms at once. A part of a form is enough, so a text that was cut short is found too.</summary>
internal sealed class CanarySearch
{
    private readonly Dictionary<UInt128, string> _narrow = [];
    private readonly Dictionary<(UInt128 First, UInt128 Second), string> _wide = [];

    public CanarySearch(IEnumerable<Secret> secrets)
    {
        foreach (var secret in secrets)
        {
            foreach (var form in CanaryForms.Of(secret))
                Add($"{secret.Name} ({form.Name})", form);
        }
    }

    /// <summary>The names of the secrets that the content holds, with their forms.</summary>
    public IReadOnlyCollection<string> Find(ReadOnlySpan<byte> content)
    {
        var hits = new SortedSet<string>(StringComparer.Ordinal);
        for (int i = 0; i + CanaryForms.Narrow <= content.Length; i++)
        {
            var first = BinaryPrimitives.ReadUInt128LittleEndian(content[i..]);
            if (_narrow.TryGetValue(first, out string? name))
                hits.Add(name);
            if (i + CanaryForms.Wide <= content.Length
                && _wide.TryGetValue((first, BinaryPrimitives.ReadUInt128LittleEndian(content[(i + CanaryForms.Narrow)..])), out string? wideName))
                hits.Add(wideName);
        }

        return hits;
    }

    /// <summary>All that is found in several places, each with the place before it.</summary>
    public IReadOnlyList<string> Find(IEnumerable<KeyValuePair<string, byte[]>> places) =>
        [.. places.SelectMany(place => Find(place.Value).Select(hit => $"{place.Key}: {hit}"))];

    private void Add(string name, CanaryForm form)
    {
        for (int i = 0; i + form.Window <= form.Bytes.Length; i++)
        {
            var first = BinaryPrimitives.ReadUInt128LittleEndian(form.Bytes.AsSpan(i));
            if (form.Window == CanaryForms.Narrow)
                _narrow.TryAdd(first, name);
            else
                _wide.TryAdd((first, BinaryPrimitives.ReadUInt128LittleEndian(form.Bytes.AsSpan(i + CanaryForms.Narrow))), name);
        }
    }
}
