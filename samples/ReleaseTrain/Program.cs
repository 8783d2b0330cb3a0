using ReleaseTrain.Cli;
using ReleaseTrain.Tools;

return await DemoCommandLine.InvokeAsync(args, async (options, cancellationToken) =>
    options.Verify is not null ? VerifyCommand.Run(options) : await DemoCommand.RunAsync(options, new Layout(options.Root), Topology.OneProcess, cancellationToken));
