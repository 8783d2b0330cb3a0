using AgentFlow.HubServer;
using AgentFlow.HubServer.Settings;

return await HubCommandLine.InvokeAsync(args, HubProcess.RunAsync);
