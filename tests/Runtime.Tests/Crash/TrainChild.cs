using AgentFlow.Hub;
using AgentFlow.Runtime.Tests.Flows;
using AgentFlow.Runtime.Tests.Train;
using AgentFlow.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AgentFlow.Runtime.Tests.Crash;

/// <summary>
/// A train in a process of its own, with a fail-point armed: starts it, approves it, and says that it is done. Explicit: it does nothing unless it is asked
/// for.
/// </summary>
public sealed class TrainChild
{
    public const string FolderVariable = "AGENTFLOW_TEST_TRAIN_FOLDER";
    public const string Key = "the one run";

    [Fact(Explicit = true)]
    public async Task Run_the_train_to_its_end()
    {
        string folder = Environment.GetEnvironmentVariable(FolderVariable) ?? throw new InvalidOperationException($"Set {FolderVariable}.");
        var cancel = TestContext.Current.CancellationToken;
        using var host = Build(folder);
        await host.StartAsync(cancel);
        var flow = host.Services.GetRequiredService<IAgentFlow>();
        var thread = await flow.StartThreadAsync(new Built("shop", "1.9.0"), new StartThreadOptions { IdempotencyKey = Key }, cancel);
        await File.WriteAllTextAsync(Path.Combine(folder, "thread"), thread.ToString(), cancel);
        var info = await flow.WaitForAsync(thread, static info => info.PendingApprovals.Count > 0, cancel);
        if (info.PendingApprovals is [var id] && await flow.Approvals.GetAsync(id, cancel) is { Status: ApprovalStatus.Pending } card)
        {
            var decision = await flow.Approvals.ApproveAsync(id, card.Digest, "ada", "ok", cancel);
            Assert.True(decision.Status is DecisionStatus.Recorded or DecisionStatus.AlreadyDecided, decision.Status.ToString());
        }

        info = await flow.WaitForOutcomeAsync(thread, cancel);
        Assert.True(info.Outcome == ThreadOutcome.Completed, $"{info.Outcome}: {info.Reason}");
        var check = await flow.VerifyThreadAsync(thread, cancel);
        Assert.True(check.IsValid, string.Join("; ", check.Faults));
        await host.StopAsync(cancel);
    }

    internal static IHost Build(string folder)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true, ContentRootPath = folder });
        var probe = new TrainProbe { OnHandle = (agent, attempt) => Throw(agent == "security" && attempt == 1), OnDeploy = key => Append(folder, key) };
        builder.Services.AddSingleton(probe).AddSingleton<FlowProbe>();
        builder.AddAgentFlow(options =>
        {
            options.Directory = Path.Combine(folder, "app");
            options.MachineKeyPath = Path.Combine(folder, "machine.key");
            options.AddPerson("ada", "release-managers");
        }).UseHub(SqliteHub.OpenAsync);
        return builder.Build();
    }

    // The retry makes a durable timer part of every run.
    private static void Throw(bool now)
    {
        if (now)
            throw new TimeoutException("The first try fails.");
    }

    private static void Append(string folder, string key)
    {
        using var effects = new StreamWriter(new FileStream(Path.Combine(folder, "effects"), FileMode.Append, FileAccess.Write, FileShare.Read));
        effects.WriteLine(key);
        effects.Flush();
        ((FileStream)effects.BaseStream).Flush(flushToDisk: true);
    }
}
