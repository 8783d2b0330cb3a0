using AgentFlow.Protocol.Crypto;
using AgentFlow.Protocol.Identity;
using AgentFlow.Protocol.Threads;

namespace AgentFlow.Protocol.Tests.Threads;

public sealed class RevokedBundleTests
{
    [Fact]
    public void A_bundle_of_a_revoked_device_is_refused_although_the_head_it_names_is_older()
    {
        using var agent = new Agent();
        var bundle = KeyBundle.Create(agent.Log, agent.Device, 1, agent.Prekey.PublicKey, 1000, 9000);
        Assert.Equal(ProtocolError.None, bundle.Verify(agent.Log));
        var revoked = IdentityLogWriter.RevokeKey(agent.Log, agent.Device.PublicKey, 1, 0, agent.Root, 2000);
        Assert.Equal(ProtocolError.DeviceKey, bundle.Verify(revoked));
    }

    [Fact]
    public void A_device_key_that_has_ended_is_not_put_into_a_new_thread()
    {
        using var creator = new Agent();
        using var guest = new Agent(notAfter: 5000);
        var bundle = KeyBundle.Create(guest.Log, guest.Device, 1, guest.Prekey.PublicKey, 1000, 9000);
        ThreadCreation At(long time) => new()
        {
            Device = creator.Device, Log = creator.Log, Policy = ThreadPolicy.Create([]), Members = [new InvitedMember(guest.Log, bundle, MemberRole.Member)], Time = time,
        };
        ThreadMember.Create(At(5000)).Member.Dispose();
        Assert.Throws<InvalidOperationException>(() => ThreadMember.Create(At(5001)));
    }

    private sealed class Agent : IDisposable
    {
        public Agent(long notAfter = 0)
        {
            var genesis = IdentityLogWriter.CreateGenesis("agent", Root, default, default, 0);
            Log = IdentityLogWriter.AddKey(genesis, Device, KeyUsage.MessageDevice, notAfter, Root, 1);
        }

        public SigningKey Root { get; } = SigningKey.Generate();

        public SigningKey Device { get; } = SigningKey.Generate();

        public AgreementKey Prekey { get; } = AgreementKey.Generate();

        public IdentityLog Log { get; }

        public void Dispose()
        {
            Root.Dispose();
            Device.Dispose();
            Prekey.Dispose();
        }
    }
}
