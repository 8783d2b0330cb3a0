using AgentFlow.Protocol.Crypto;
using AgentFlow.Protocol.Identity;
using AgentFlow.Protocol.Threads;

namespace AgentFlow.Bench;

/// <summary>An agent with one device, outside of any runtime.</summary>
internal sealed class Party : IDisposable
{
    private readonly SigningKey _root = SigningKey.Generate();

    public Party(string name, DateTimeOffset now)
    {
        Now = now.ToUnixTimeMilliseconds();
        using var next = SigningKey.Generate();
        var log = IdentityLogWriter.CreateGenesis(name, _root, IdentityLogWriter.NextRootHash(next.PublicKey), default, Now);
        Log = IdentityLogWriter.AddKey(log, Device, KeyUsage.MessageDevice, 0, _root, Now);
        Bundle = KeyBundle.Create(Log, Device, 1, Prekey.PublicKey, Now, Now + 86_400_000);
    }

    public long Now { get; }

    public SigningKey Device { get; } = SigningKey.Generate();

    public AgreementKey Prekey { get; } = AgreementKey.Generate();

    public IdentityLog Log { get; }

    public KeyBundle Bundle { get; }

    /// <summary>Makes a thread with another member.</summary>
    public ThreadGenesis CreateThread(Party other) => ThreadMember.Create(new ThreadCreation
    {
        Device = Device, Log = Log, Policy = ThreadPolicy.Create([]), Members = [new InvitedMember(other.Log, other.Bundle, MemberRole.Member)], Time = Now,
    });

    public void Dispose()
    {
        _root.Dispose();
        Device.Dispose();
        Prekey.Dispose();
    }
}
