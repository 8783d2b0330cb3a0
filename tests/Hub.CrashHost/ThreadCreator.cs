using AgentFlow.Hub.Sqlite;
using AgentFlow.Hub.Tests.Helpers;
using AgentFlow.Protocol.Envelopes;
using AgentFlow.Protocol.Threads;

namespace AgentFlow.Hub.CrashHost;

/// <summary>
/// Registers two agents and creates a thread between them through a hub. The genesis is kept in a file beside the database before it is sent, as an outbox
/// would keep it; every start sends the same bytes. Writes how each call ended.
/// </summary>
internal static class ThreadCreator
{
    public static async Task RunAsync(string database, TextWriter output)
    {
        using var alice = new HubActor("alice", 1);
        using var bob = new HubActor("bob", 2);
        await using var hub = await InProcessHub.StartAsync(new SqliteEnvelopeStore(database), new HubOptions(), CancellationToken.None);
        await output.WriteLineAsync((await hub.RegisterAgentAsync(alice.Registration, CancellationToken.None)).ToString());
        await output.WriteLineAsync((await hub.RegisterAgentAsync(bob.Registration, CancellationToken.None)).ToString());

        byte[] genesis = await GenesisAsync(database + ".genesis", alice, bob);
        var result = await hub.CreateThreadAsync(new EnvelopeHeader(genesis).ThreadId, Make.Message(1), genesis, CancellationToken.None);
        await output.WriteLineAsync($"{result.Status} {result.Position}");
    }

    private static async Task<byte[]> GenesisAsync(string path, HubActor alice, HubActor bob)
    {
        if (File.Exists(path))
            return await File.ReadAllBytesAsync(path);
        var genesis = ThreadMember.Create(new ThreadCreation
        {
            Device = alice.Device,
            Log = alice.Log,
            Policy = ThreadPolicy.Create([]),
            Members = [new InvitedMember(bob.Log, bob.Bundle, MemberRole.Member)],
            Time = HubActor.Now,
        });
        genesis.Member.Dispose();
        await File.WriteAllBytesAsync(path, genesis.Envelope);
        return genesis.Envelope.ToArray();
    }
}
