using AgentFlow;
using AgentFlow.Hub;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var builder = Host.CreateApplicationBuilder(args);
builder.AddAgentFlow()                         // generated: every contract and [Agent] of this project and of the projects it references
       .UseSqlite()                            // .agentflow/ in the content root; nothing to install
       .UseHub(SqliteHub.OpenAsync)            // the hub in this process: it stores envelopes that it cannot read
       .AddPerson("ada", "release-managers");  // a person is an agent whose key may approve

using var host = builder.Build();
await host.StartAsync();
var flow = host.Services.GetRequiredService<IAgentFlow>();
var thread = await flow.StartThreadAsync(new Built("shop", "1.9.0", "4f2c1e"));

var paused = await flow.WaitForAsync(thread, info => info.PendingApprovals.Count > 0);
var card = await flow.Approvals.GetAsync(paused.PendingApprovals[0]);
Console.WriteLine($"{card!.Summary}? {card.Digest}");
await flow.Approvals.ApproveAsync(card.Id, card.Digest, "ada", "ticket OPS-311");

Console.WriteLine((await flow.WaitForOutcomeAsync(thread)).Outcome);
await host.StopAsync();

[Message("release.built")]    public sealed partial record Built(string Service, string Version, string Commit);
[Message("release.tested")]   public sealed partial record Tested(string Service, string Version, int Passed, int Failed);
[Message("release.deployed"), EndsThread]
public sealed partial record Deployed(string Service, string Version, DateTimeOffset At);

[Message("release.deploy"), RequiresApproval("release-managers", Quorum = 1, ExpiresAfter = "2h")]
[Summary("Deploy {Service} {Version} to production")]
public sealed partial record Deploy(string Service, [ChangedFrom(nameof(Live))] string Version, string Live, Risk Risk);

[Agent("qa")]
public sealed class QaAgent
{
    public Tested Handle(Built m) => new(m.Service, m.Version, Passed: 412, Failed: 0);
}

[Agent("security")]
public sealed class SecurityAgent
{
    public Deploy Handle(Tested m) => new(m.Service, m.Version, Live: "1.8.2", Risk.Medium);
}

[Agent("deploy")]            // Approved<T> cannot be built by user code: no valid signed approval, no deploy
public sealed class DeployAgent(TimeProvider clock)
{
    public Deployed Handle(Approved<Deploy> ok) => new(ok.Message.Service, ok.Message.Version, clock.GetUtcNow());
}
