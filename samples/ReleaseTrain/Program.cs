using ReleaseTrain.Cli;

return await DemoCommandLine.InvokeAsync(args, async (options, cancellationToken) =>
    options.Verify is not null ? VerifyCommand.Run(options) : await DemoCommand.RunAsync(options, cancellationToken));
