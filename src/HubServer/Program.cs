using AgentFlow.HubServer.Commands;

return await RootCommandLine.InvokeAsync(args);
