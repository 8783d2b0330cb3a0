using AgentFlow.Hub.Tests.Helpers;
using AgentFlow.Protocol.Hub;
using AgentFlow.Protocol.Identity;

namespace AgentFlow.Hub.Tests.Hubs;

public abstract partial class HubContract
{
    [Fact]
    public async Task A_registered_agent_is_found_by_id_and_by_name()
    {
        Assert.Null(await Hub.ReadAgentAsync(Alice.Agent, Token));
        Assert.Null(await Hub.ResolveNameAsync("alice", Token));
        Assert.Equal(HubStatus.Ok, await Hub.RegisterAgentAsync(Alice.Registration, Token));
        Assert.Equal(HubStatus.Ok, await Hub.RegisterAgentAsync(Alice.Registration, Token));

        var read = (await Hub.ReadAgentAsync(Alice.Agent, Token))!;
        Assert.Equal(Alice.Log.Bytes.ToArray(), read.IdentityLog.ToArray());
        Assert.Equal(Alice.Bundle.Bytes.ToArray(), read.KeyBundle.ToArray());
        Assert.Equal(Alice.Agent, await Hub.ResolveNameAsync("alice", Token));
        Assert.Null(await Hub.ResolveNameAsync("", Token));
        Assert.Null(await Hub.ResolveNameAsync(new string('x', 300), Token));
    }

    [Fact]
    public async Task A_registration_with_any_byte_changed_is_refused()
    {
        byte[] log = Alice.Log.Bytes.ToArray();
        for (int i = 0; i < log.Length; i += 5)
        {
            log[i] ^= 1;
            Assert.Equal(HubStatus.Invalid, await Hub.RegisterAgentAsync(Alice.Registration with { IdentityLog = log.ToArray() }, Token));
            log[i] ^= 1;
        }

        byte[] bundle = Alice.Bundle.Bytes.ToArray();
        bundle[110] ^= 1;
        Assert.Equal(HubStatus.Invalid, await Hub.RegisterAgentAsync(Alice.Registration with { KeyBundle = bundle }, Token));
        Assert.Equal(HubStatus.Invalid, await Hub.RegisterAgentAsync(Alice.Registration with { KeyBundle = Bob.Bundle.Bytes }, Token));
        Assert.Equal(HubStatus.Invalid, await Hub.RegisterAgentAsync(Alice.Registration with { Agent = Bob.Agent }, Token));
        Assert.Null(await Hub.ReadAgentAsync(Alice.Agent, Token));
    }

    [Fact]
    public async Task A_name_belongs_to_one_agent_for_ever()
    {
        using var other = new HubActor("alice", 3);
        Assert.Equal(HubStatus.Ok, await Hub.RegisterAgentAsync(Alice.Registration, Token));

        Assert.Equal(HubStatus.Conflict, await Hub.RegisterAgentAsync(other.Registration, Token));
        Assert.Equal(Alice.Agent, await Hub.ResolveNameAsync("alice", Token));
        Assert.Null(await Hub.ReadAgentAsync(other.Agent, Token));
    }

    [Fact]
    public async Task A_longer_log_is_taken_a_shorter_one_changes_nothing_and_a_fork_is_a_conflict()
    {
        var start = Alice.Log;
        using var first = HubActor.Key(9, 1);
        using var second = HubActor.Key(9, 2);
        var longer = IdentityLogWriter.AddKey(start, first, KeyUsage.MessageDevice, 0, Alice.Root, HubActor.Now);
        var fork = IdentityLogWriter.AddKey(start, second, KeyUsage.MessageDevice, 0, Alice.Root, HubActor.Now);
        Assert.Equal(HubStatus.Ok, await Hub.RegisterAgentAsync(Alice.Registration, Token));
        Assert.Equal(HubStatus.Ok, await Hub.RegisterAgentAsync(new AgentRegistration(Alice.Agent, longer.Bytes, default), Token));
        Assert.Equal(HubStatus.Ok, await Hub.RegisterAgentAsync(Alice.Registration, Token));

        Assert.Equal(HubStatus.Conflict, await Hub.RegisterAgentAsync(new AgentRegistration(Alice.Agent, fork.Bytes, default), Token));
        var read = (await Hub.ReadAgentAsync(Alice.Agent, Token))!;
        Assert.Equal(longer.Bytes.ToArray(), read.IdentityLog.ToArray());
        Assert.Equal(Alice.Bundle.Bytes.ToArray(), read.KeyBundle.ToArray());
    }

    [Fact]
    public async Task A_newer_bundle_replaces_an_older_one_and_not_the_other_way_round()
    {
        var newer = Alice.BundleAt(HubActor.Now + 1000);
        await Hub.RegisterAgentAsync(Alice.Registration with { KeyBundle = newer.Bytes }, Token);
        Assert.Equal(HubStatus.Ok, await Hub.RegisterAgentAsync(Alice.Registration, Token));

        Assert.Equal(newer.Bytes.ToArray(), (await Hub.ReadAgentAsync(Alice.Agent, Token))!.KeyBundle.ToArray());
    }

    [Fact]
    public async Task Many_registrations_of_one_name_at_once_bind_it_to_one_agent()
    {
        var actors = Enumerable.Range(10, 6).Select(i => new HubActor("carol", i)).ToList();
        var results = await Task.WhenAll(actors.Select(a => Task.Run(() => Hub.RegisterAgentAsync(a.Registration, Token).AsTask(), Token)));

        Assert.Single(results, HubStatus.Ok);
        Assert.Equal(5, results.Count(r => r == HubStatus.Conflict));
        actors.ForEach(a => a.Dispose());
    }
}
