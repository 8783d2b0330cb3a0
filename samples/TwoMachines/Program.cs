using AgentFlow;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ReleaseTrain.Cli;
using ReleaseTrain.Tools;

// One process of the release train. `run` starts all of them.
//   TwoMachines desk-id                   prints the id of the desk, which starts the threads
//   TwoMachines agent NAME DESK-ID        hosts build, qa, security or deploy, and joins the threads of the desk
//   TwoMachines desk [eng/demo's options] starts a run, asks the person who decides, and reports
string root = Environment.GetEnvironmentVariable("TWO_MACHINES_ROOT") ?? ".";
string hub = Environment.GetEnvironmentVariable("TWO_MACHINES_HUB") ?? "http://127.0.0.1:5080";
var desk = new Topology { AppName = "desk", HostedAgents = new HashSet<string>(), Connect = flow => flow.UseHub(hub) };
var none = new DemoOptions { Root = root, Repository = root };
switch (args)
{
    case ["desk-id"]:
        using (var host = Build("desk", desk))
        {
            await host.StartAsync();
            Console.Out.WriteLine(host.Services.GetRequiredService<IAgentFlow>().App);
            await host.StopAsync();
        }

        return 0;
    case ["agent", var name, var id] when AgentId.TryParse(id, null, out var accepted):
        using (var host = Build(name, desk with { AppName = name + "-host", HostedAgents = new HashSet<string> { name }, HasPeople = false, AcceptThreadsFrom = [accepted] }))
        {
            await host.StartAsync();
            Console.Out.WriteLine($"{name} is ready");
            await host.WaitForShutdownAsync();
        }

        return 0;
    case ["desk", .. var options]:
        return await DemoCommandLine.InvokeAsync(
            ["--root", root, .. options],
            (parsed, cancellationToken) => DemoCommand.RunAsync(parsed, new Layout(root, "desk"), desk, cancellationToken));
    default:
        Console.Error.WriteLine("usage: TwoMachines desk-id | agent NAME DESK-ID | desk [OPTIONS]");
        return (int)ExitCode.Usage;
}

IHost Build(string machine, Topology topology)
{
    var layout = new Layout(root, machine);
    layout.Create();
    return DemoHost.Build(none, layout, topology);
}
