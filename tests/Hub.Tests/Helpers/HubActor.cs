using AgentFlow.Protocol.Crypto;
using AgentFlow.Protocol.Hub;
using AgentFlow.Protocol.Identity;

namespace AgentFlow.Hub.Tests.Helpers;

/// <summary>An agent with one device, made from small numbers so that it is the same in every process.</summary>
internal sealed class HubActor : IDisposable
{
    public const long Now = 1_893_456_000_000;
    private const long Day = 86_400_000;

    public HubActor(string name, int seed)
    {
        Root = Key(seed, 1);
        NextRoot = Key(seed, 2);
        Device = Key(seed, 3);
        Span<byte> bytes = stackalloc byte[32];
        bytes.Fill((byte)seed);
        bytes[0] = 4;
        Prekey = AgreementKey.FromSeed(bytes);
        Log = IdentityLogWriter.CreateGenesis(name, Root, IdentityLogWriter.NextRootHash(NextRoot.PublicKey), default, Now);
        Log = IdentityLogWriter.AddKey(Log, Device, KeyUsage.MessageDevice, 0, Root, Now);
        Bundle = BundleAt(Now);
    }

    public SigningKey Root { get; }

    public SigningKey NextRoot { get; }

    public SigningKey Device { get; }

    public AgreementKey Prekey { get; }

    public IdentityLog Log { get; set; }

    public KeyBundle Bundle { get; }

    public AgentId Agent => Log.Agent;

    public AgentRegistration Registration => new(Agent, Log.Bytes, Bundle.Bytes);

    /// <summary>By what it logs in.</summary>
    public HubCredential Credential => new(Agent, Device);

    public static SigningKey Key(int seed, int number)
    {
        Span<byte> bytes = stackalloc byte[32];
        bytes.Fill((byte)seed);
        bytes[0] = (byte)number;
        return SigningKey.FromSeed(bytes);
    }

    public KeyBundle BundleAt(long created) => KeyBundle.Create(Log, Device, 1, Prekey.PublicKey, created, created + Day);

    public void Dispose()
    {
        Root.Dispose();
        NextRoot.Dispose();
        Device.Dispose();
        Prekey.Dispose();
    }
}
