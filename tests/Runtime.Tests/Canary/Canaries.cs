using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace AgentFlow.Runtime.Tests.Canary;

/// <summary>32 random bytes that stand for one secret.</summary>
/// <param name="Name">Where it was put.</param>
/// <param name="Bytes">The bytes.</param>
public sealed record Secret(string Name, byte[] Bytes)
{
    /// <summary>The text that it is as a string: hexadecimal.</summary>
    public string Hex => Convert.ToHexStringLower(Bytes);

    /// <summary>The other text that it may be as a string.</summary>
    public string Base64 => Convert.ToBase64String(Bytes);

    /// <summary>Leaves the bytes out: what fails must not print them where the search looks.</summary>
    public override string ToString() => Name;
}

/// <summary>Gives every string, key, reason and byte array of a run a secret of its own, and remembers them all. Thread-safe.</summary>
public sealed class Canaries
{
    private readonly ConcurrentQueue<Secret> _all = new();

    public IReadOnlyCollection<Secret> All => _all;

    /// <summary>A fresh secret as a string: hexadecimal and base64 in turn.</summary>
    public string Text(string name)
    {
        var secret = Add(name);
        return _all.Count % 2 == 0 ? secret.Hex : secret.Base64;
    }

    /// <summary>A fresh secret as it is.</summary>
    public byte[] Bytes(string name) => Add(name).Bytes;

    /// <summary>A fresh secret in the path of an address.</summary>
    public Uri Link(string name) => new("https://canary.example/" + Add(name).Hex);

    private Secret Add(string name)
    {
        var secret = new Secret(name, RandomNumberGenerator.GetBytes(32));
        _all.Enqueue(secret);
        return secret;
    }
}
