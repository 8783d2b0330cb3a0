using AgentFlow.Protocol.Crypto;
using AgentFlow.Protocol.Identity;

namespace AgentFlow.Protocol.Tests.Threads;

/// <summary>An agent with one device, a log and a prekey.</summary>
public sealed class TestActor : IDisposable
{
    public const long Now = 1_790_000_000_000;
    public const long Day = 86_400_000;

    public TestActor(string name)
    {
        Log = IdentityLogWriter.CreateGenesis(name, Root, IdentityLogWriter.NextRootHash(NextRoot.PublicKey), default, Now);
        Log = IdentityLogWriter.AddKey(Log, Device, KeyUsage.MessageDevice, 0, Root, Now);
        Bundle = KeyBundle.Create(Log, Device, 1, Prekey.PublicKey, Now, Now + Day);
    }

    public SigningKey Root { get; } = SigningKey.Generate();

    public SigningKey NextRoot { get; } = SigningKey.Generate();

    public SigningKey Device { get; } = SigningKey.Generate();

    public AgreementKey Prekey { get; } = AgreementKey.Generate();

    public IdentityLog Log { get; set; }

    public KeyBundle Bundle { get; set; }

    public AgentId Agent => Log.Agent;

    public void Dispose()
    {
        Root.Dispose();
        NextRoot.Dispose();
        Device.Dispose();
        Prekey.Dispose();
    }
}
