using AgentFlow.Protocol.Crypto;
using AgentFlow.Protocol.Identity;

namespace AgentFlow.Protocol.Threads;

/// <summary>A device that the creator puts into a new thread.</summary>
/// <param name="Log">The identity log of its agent.</param>
/// <param name="Bundle">The key bundle of the device.</param>
/// <param name="Role">What it may do.</param>
public sealed record InvitedMember(IdentityLog Log, KeyBundle Bundle, MemberRole Role);

/// <summary>What a new thread is made of.</summary>
public sealed class ThreadCreation
{
    /// <summary>The creator's device key, which is live in <see cref="Log"/>.</summary>
    public required SigningKey Device { get; init; }

    /// <summary>The creator's identity log.</summary>
    public required IdentityLog Log { get; init; }

    /// <summary>The first policy; a later one can only tighten it.</summary>
    public required ThreadPolicy Policy { get; init; }

    /// <summary>The other devices, at most 390.</summary>
    public required IReadOnlyList<InvitedMember> Members { get; init; }

    /// <summary>The creator's clock in Unix milliseconds; expired bundles are refused by it.</summary>
    public required long Time { get; init; }
}

/// <summary>A new thread: send <see cref="Envelope"/> to the hub as its first envelope, after it and the member's state were stored.</summary>
/// <param name="Envelope">The genesis Commit, which becomes position 1.</param>
/// <param name="Digest">E of it.</param>
/// <param name="Member">The creator's member, which stands at position 1 already: skip that position when the hub delivers it.</param>
public sealed record ThreadGenesis(ReadOnlyMemory<byte> Envelope, Bytes32 Digest, ThreadMember Member);
