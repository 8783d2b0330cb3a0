using ReleaseTrain.Cli;
using ReleaseTrain.Tools;

return await DemoCommandLine.InvokeAsync(args, async (options, cancellationToken) =>
{
    if (options.Verify is not null)
        return VerifyCommand.Run(options);

    var layout = new Layout(options.Root);
    if (options.Fresh)
        await DemoHost.WipeAsync(layout);
    layout.Create();
    return await DemoHost.RunAsync(options, layout, cancellationToken);
});
