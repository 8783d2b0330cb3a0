using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using AgentFlow.Host.Tests.Servers;
using AgentFlow.Hub;
using AgentFlow.Hub.Memory;
using AgentFlow.Hub.Tests.Helpers;
using AgentFlow.Protocol.Crypto;
using AgentFlow.Wire.Messages;
using AgentFlow.Wire.Messages.Health;
using AgentFlow.Wire.Messages.Rpc;
using Google.Protobuf.Reflection;

namespace AgentFlow.Host.Tests.Interop;

/// <summary>Clients that other people wrote do all that a client of the hub does: register, append, stream, subscribe, see status codes with their details.</summary>
public sealed class InteropTests
{
    private static readonly string s_folder = Folder();

    [Fact]
    public async Task The_stock_client_for_Python_gets_on_with_the_hub()
    {
        Require(Succeeds("/usr/bin/python3", "-c", "import cryptography, grpc, google.protobuf"), "python3-cryptography, python3-grpcio and python3-protobuf");
        await RunAsync("/usr/bin/python3", "hub_client.py");
    }

    [Fact]
    public async Task The_stock_client_for_Node_gets_on_with_the_hub()
    {
        Require(Directory.Exists(Path.Combine(s_folder, "node_modules", "@grpc", "grpc-js")) && Succeeds("node", "--version"), "node and the packages of package.json");
        await RunAsync("node", "hub_client.js");
    }

    private static void Require(bool isThere, string what)
    {
        if (!isThere)
            Assert.Skip($"{what} are missing: eng/setup --tests installs them.");
    }

    private static bool Succeeds(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static async Task RunAsync(string program, string script)
    {
        var token = TestContext.Current.CancellationToken;
        await using var hub = await InProcessHub.StartAsync(new MemoryEnvelopeStore(), null, token);
        await using var server = await LoopbackServer.StartAsync(hub);
        using var directory = new TestDirectory();
        string scenario = Path.Combine(directory.Root, "scenario.json");
        await File.WriteAllBytesAsync(scenario, JsonSerializer.SerializeToUtf8Bytes(Scenario(server.Address.Port)), token);
        using var process = Process.Start(new ProcessStartInfo(program, [Path.Combine(s_folder, script), scenario])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync(token);
        string output = await process.StandardOutput.ReadToEndAsync(token);
        await process.WaitForExitAsync(token);

        Assert.True(process.ExitCode == 0, output + await errors);
        Assert.EndsWith("all\n", output);
    }

    private static Dictionary<string, object> Scenario(int port)
    {
        using var alice = new HubActor("alice", 1);
        using var bob = new HubActor("bob", 2);
        using var thread = new HubThread(alice, bob);
        byte[] blob = Make.Body(5, 200_000);
        return new Dictionary<string, object>
        {
            ["port"] = port,
            ["protos"] = Path.GetFullPath(Path.Combine(s_folder, "../../../src/Wire/Protos")),
            ["modules"] = s_folder,
            ["descriptors"] = Descriptors(),
            ["alice_agent"] = alice.Agent.Span.ToArray(),
            ["alice_log"] = alice.Log.Bytes.ToArray(),
            ["alice_device"] = alice.Device.PublicKey.ToArray(),
            ["alice_seed"] = Seed(alice),
            ["alice_bundle"] = alice.Bundle.Bytes.ToArray(),
            ["bob_agent"] = bob.Agent.Span.ToArray(),
            ["bob_log"] = bob.Log.Bytes.ToArray(),
            ["bob_device"] = bob.Device.PublicKey.ToArray(),
            ["bob_seed"] = Seed(bob),
            ["bob_bundle"] = bob.Bundle.Bytes.ToArray(),
            ["thread"] = thread.Id.Span.ToArray(),
            ["genesis"] = thread.Genesis.ToArray(),
            ["envelopes"] = Enumerable.Range(0, 4).Select(i => thread.Seal(thread.A, $"text {i}")).ToArray(),
            ["blob"] = blob,
            ["blob_id"] = AfHash.Hash(Labels.Blob, blob).ToArray(),
        };
    }

    private static byte[] Seed(HubActor actor)
    {
        byte[] seed = new byte[SigningKey.SeedSize];
        actor.Device.ExportSeed(seed);
        return seed;
    }

    /// <summary>The files of the wire, serialized, what they import first.</summary>
    private static List<byte[]> Descriptors()
    {
        var files = new List<FileDescriptor>();
        void Add(FileDescriptor file)
        {
            foreach (var import in file.Dependencies)
                Add(import);
            if (!files.Contains(file))
                files.Add(file);
        }

        Add(HubReflection.Descriptor);
        Add(HealthReflection.Descriptor);
        Add(StatusReflection.Descriptor);
        Add(ErrorDetailsReflection.Descriptor);
        Add(AgentFlow.Wire.Messages.Reflection.ReflectionReflection.Descriptor);
        Add(AgentFlow.Wire.Messages.ReflectionAlpha.ReflectionReflection.Descriptor);
        return [.. files.Select(file => file.SerializedData.ToByteArray())];
    }

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
