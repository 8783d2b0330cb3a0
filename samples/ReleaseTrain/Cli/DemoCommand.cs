using AgentFlow;
using AgentFlow.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ReleaseTrain.Deployment;
using ReleaseTrain.Tools;

namespace ReleaseTrain.Cli;

/// <summary>Runs the train in this process and prints how it ended, whatever happens.</summary>
public static class DemoCommand
{
    private const string Schema = "agentflow.demo/error@1";

    public static async Task<ExitCode> RunAsync(DemoOptions options, Layout layout, Topology topology, CancellationToken cancellationToken)
    {
        try
        {
            if (options.Fresh)
                await WipeAsync(layout);
            layout.Create();
            using var host = DemoHost.Build(options, layout, topology);
            if (options.AutoApprove && !host.Services.GetRequiredService<IHostEnvironment>().IsDevelopment())
                return Fail(options, ExitCode.NotAllowed, new ReportError("demo.not_development", "--auto-approve works in the Development environment only.", "Approve as a person."));
            return await RunAsync(host, options, cancellationToken);
        }
        catch (StorageException e) when (e.Kind == StorageErrorKind.Locked)
        {
            return Fail(options, ExitCode.Conflict, new ReportError("store.locked", e.Message, "Another eng/demo runs in this folder: wait for it or stop it."));
        }
        catch (StorageException e)
        {
            return Fail(options, ExitCode.Failed, new ReportError("store." + e.Kind.ToString().ToLowerInvariant(), e.Message, "eng/demo --fresh starts with an empty store.", e.IsRetryable));
        }
        catch (AgentFlowException e)
        {
            return Fail(options, ExitCode.Failed, new ReportError(e.Code, e.Message, "eng/demo --fresh starts with an empty store and new keys."));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Fail(options, ExitCode.Interrupted, new ReportError("demo.interrupted", "Interrupted.", "eng/demo goes on where it was."));
        }
    }

    private static async Task<ExitCode> RunAsync(IHost host, DemoOptions options, CancellationToken cancellationToken)
    {
        var services = host.Services.GetRequiredService<ServiceHost>();
        var layout = host.Services.GetRequiredService<Layout>();
        await host.StartAsync(cancellationToken);
        try
        {
            // A killed run may have left services behind: the live release's is adopted, any other ended.
            await services.StopAllExceptAsync(host.Services.GetRequiredService<Releases>().Current);
            host.Services.GetRequiredService<View>().Header(layout.Store, host.Services.GetRequiredService<IHostEnvironment>().EnvironmentName);
            var runner = host.Services.GetRequiredService<DemoRunner>();
            var (code, report) = await runner.RunAsync(cancellationToken);
            Print(options, report);
            runner.MarkReported();
            await CleanAsync(host.Services.GetRequiredService<IAgentFlow>(), layout, options, cancellationToken);
            return code;
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
            if (!options.Keep)
                await services.StopAllExceptAsync(null);
        }
    }

    private static async Task CleanAsync(IAgentFlow flow, Layout layout, DemoOptions options, CancellationToken cancellationToken)
    {
        var threads = await flow.ListThreadsAsync(10_000, cancellationToken);
        if (threads.All(thread => thread.HasEnded))
            layout.CleanWork();
        if (!options.Forget)
            return;
        foreach (var thread in threads.Where(thread => thread.HasEnded))
            await flow.DestroyThreadAsync(thread.Id, cancellationToken);
    }

    /// <summary>Ends what still runs and deletes stores, keys and receipts; not while another process has them open.</summary>
    private static async Task WipeAsync(Layout layout)
    {
        if (!Directory.Exists(layout.Store))
            return;
        layout.RefuseIfInUse();
        await new ServiceHost(layout).StopAllExceptAsync(null);
        Directory.Delete(layout.Store, recursive: true);
    }

    private static ExitCode Fail(DemoOptions options, ExitCode code, ReportError error)
    {
        Print(options, Report.Failure(Schema, null, error));
        return code;
    }

    private static void Print(DemoOptions options, Report report)
    {
        if (report.Error is { } error)
            Console.Error.WriteLine($"error: {error.Message}\n  {error.Hint}");
        if (options.Json)
            Console.Out.WriteLine(report.ToJson());
        else if (report.Data is { } data)
            Console.Out.WriteLine($"  {data.Outcome}   receipt {data.Receipt ?? "none"}   deployed {data.Deployed ?? "nothing"}");
    }
}
