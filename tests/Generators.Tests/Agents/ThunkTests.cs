using AgentFlow.SourceGeneration;

namespace AgentFlow.Generators.Tests.Agents;

public sealed class ThunkTests
{
    private const string Tested = "release.tested@1: Tested { Service = shop }";
    private const string Scanned = "release.scanned@1: Scanned { Service = shop }";

    [Theory]
    [InlineData("public Tested Handle(Built m) => new(m.Service);", Tested)]
    [InlineData("public Tested? Handle(Built m) => new(m.Service);", Tested)]
    [InlineData("public Tested? Handle(Built m) => null;", "release.tested@1: nothing")]
    [InlineData("public Task<Tested> HandleAsync(Built m) => Task.FromResult(new Tested(m.Service));", Tested)]
    [InlineData("public Task<Tested?> HandleAsync(Built m) => Task.FromResult<Tested?>(null);", "release.tested@1: nothing")]
    [InlineData("public async ValueTask<Tested> HandleAsync(Built m) { await Task.Yield(); return new(m.Service); }", Tested)]
    [InlineData("public (Tested, Scanned) Handle(Built m) => (new(m.Service), new(m.Service));", Tested, Scanned)]
    [InlineData("public (Tested First, Scanned? Second) Handle(Built m) => (new(m.Service), null);", Tested, "release.scanned@1: nothing")]
    [InlineData("public async Task<(Tested, Scanned)> HandleAsync(Built m) { await Task.Yield(); return (new(m.Service), new(m.Service)); }", Tested, Scanned)]
    [InlineData("public ((Tested, Scanned), Tested) Handle(Built m) => ((new(m.Service), new(m.Service)), new(m.Service));", Tested, Scanned, Tested)]
    [InlineData("public OneOf<Tested, Scanned> Handle(Built m) => new Scanned(m.Service);", Scanned)]
    [InlineData("public async Task<OneOf<Tested, Scanned, Deployed>> HandleAsync(Built m) { await Task.Yield(); return new Tested(m.Service); }", Tested)]
    [InlineData("public OneOf<Tested, Scanned> Handle(Built m) => default;")]
    [InlineData("public (Tested, OneOf<Tested, Scanned>) Handle(Built m) => (new(m.Service), new Scanned(m.Service));", Tested, Scanned)]
    [InlineData("public async IAsyncEnumerable<Tested> HandleAsync(Built m) { yield return new(m.Service); await Task.Yield(); yield return new(m.Service); }", Tested, Tested)]
    [InlineData("public async IAsyncEnumerable<OneOf<Tested, Scanned>> HandleAsync(Built m) { yield return new Scanned(m.Service); await Task.Yield(); yield return new Tested(m.Service); }", Scanned, Tested)]
    [InlineData("public void Handle(Built m) { }")]
    [InlineData("public Task HandleAsync(Built m) => Task.CompletedTask;")]
    [InlineData("public ValueTask HandleAsync(Built m) => default;")]
    [InlineData("public Built Handle(Built @class) => @class;", "release.built@1: Built { Service = shop }")]
    public async Task What_a_handler_returns_is_sent(string handler, params string[] expected)
    {
        LoadedAgent agent = AgentHarness.Agent($$"""
            namespace Shop;
            [Agent("qa")] public sealed class QaAgent { {{handler}} }
            """);
        Assert.Equal(expected, await agent.CallAsync("Built"));
    }

    [Fact]
    public async Task The_further_parameters_are_filled()
    {
        LoadedAgent agent = AgentHarness.Agent("""
            namespace Shop;
            [ThreadState("release")] public sealed partial class ReleaseState { public string Seen { get; set; } = "new"; }
            [Agent("qa")]
            public sealed class QaAgent
            {
                public Tested Handle(Built m, CancellationToken stop, TimeProvider clock, ReleaseState state, Uri? absent, MessageContext context, IServiceProvider services) =>
                    new($"{clock == TimeProvider.System} {state.Seen} {absent is null} {context.Attempt} {stop == context.CancellationToken} {services == context.Services}");
            }
            """);
        Assert.Equal(["release.tested@1: Tested { Service = True new True 1 True True }"], await agent.CallAsync(agent.Message("Built"), new Services(TimeProvider.System)));
        Assert.Equal("release", agent.Descriptor.Handlers[0].State!.Name);
    }

    [Fact]
    public async Task The_constructor_is_filled_from_the_services()
    {
        LoadedAgent agent = AgentHarness.Agent("""
            namespace Shop;
            [Agent("qa")]
            public sealed class QaAgent(TimeProvider clock, Uri? absent = null)
            {
                public Tested Handle(Built m) => new($"{clock == TimeProvider.System} {absent is null}");
            }
            """);
        Assert.Equal(["release.tested@1: Tested { Service = True True }"], await agent.CallAsync(agent.Message("Built"), new Services(TimeProvider.System)));
        var missing = Assert.Throws<InvalidOperationException>(() => agent.Descriptor.Create(new Services()));
        Assert.Contains("TimeProvider", missing.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Approved", HandlerKind.Approved)]
    [InlineData("Rejected", HandlerKind.Rejected)]
    [InlineData("Expired", HandlerKind.Expired)]
    public async Task A_gated_contract_comes_in_its_wrapper(string wrapper, HandlerKind kind)
    {
        LoadedAgent agent = AgentHarness.Agent($$"""
            namespace Shop;
            [Agent("deploy")] public sealed class DeployAgent { public Deployed Handle({{wrapper}}<Deploy> decision) => new(decision.Message.Service); }
            """);
        Assert.Equal(kind, agent.Descriptor.Handlers[0].Kind);
        Assert.Equal(["release.deployed@1: Deployed { Service = shop }"], await agent.CallAsync(agent.Wrap(wrapper, agent.Message("Deploy"))));
        await Assert.ThrowsAsync<InvalidCastException>(() => agent.CallAsync(agent.Message("Deploy")));
    }

    [Fact]
    public void Observers_retries_and_sends_stand_in_the_descriptor()
    {
        LoadedAgent agent = AgentHarness.Agent("""
            namespace Shop;
            [Agent("watch"), Sends(typeof(Tested))]
            public sealed class WatchAgent
            {
                [Observer] public void Handle(Built m) { }
                [Retry(Max = 3, Backoff = "500ms..1h30m")] public (Scanned, Scanned) Handle(Tested m) => (new(m.Service), new(m.Service));
            }
            """);
        Assert.Equal("watch", agent.Descriptor.Name);
        Assert.Equal("WatchAgent", agent.Descriptor.ClrType.Name);
        Assert.Equal(["release.tested@1"], agent.Descriptor.Sends.Select(s => s.ToString()));
        Assert.True(agent.Descriptor.Handlers[0].IsObserver);
        Assert.Same(RetryPolicy.Default, agent.Descriptor.Handlers[0].Retry);
        Assert.False(agent.Descriptor.Handlers[1].IsObserver);
        Assert.Equal(["release.scanned@1"], agent.Descriptor.Handlers[1].Sends.Select(s => s.ToString()));
        Assert.Equal(new RetryPolicy(3, TimeSpan.FromMilliseconds(500), TimeSpan.FromMinutes(90)), agent.Descriptor.Handlers[1].Retry);
    }

    [Fact]
    public async Task Inherited_and_overridden_handlers_are_called_once()
    {
        LoadedAgent agent = AgentHarness.Agent("""
            namespace Shop;
            public abstract class Base<T> { public virtual Tested Handle(Built m) => new("base"); public abstract void Handle(T m); }
            [Agent("qa")] public sealed class QaAgent : Base<Scanned> { public override Tested Handle(Built m) => new("own"); public override void Handle(Scanned m) { } }
            """);
        Assert.Equal(["release.built@1", "release.scanned@1"], agent.Descriptor.Handlers.Select(h => h.Message.ToString()));
        Assert.Equal(["release.tested@1: Tested { Service = own }"], await agent.CallAsync("Built"));
    }

    [Fact]
    public async Task An_exception_of_a_handler_passes_through()
    {
        LoadedAgent agent = AgentHarness.Agent("""
            namespace Shop;
            [Agent("qa")] public sealed class QaAgent { public async Task HandleAsync(Built m) { await Task.Yield(); throw new TimeoutException(m.Service); } }
            """);
        Assert.Equal("shop", (await Assert.ThrowsAsync<TimeoutException>(() => agent.CallAsync("Built"))).Message);
    }

    [Theory]
    [InlineData("public Tested? Handle(Built m) => null;")]
    [InlineData("private readonly Task<Tested?> _done = Task.FromResult<Tested?>(null); public Task<Tested?> HandleAsync(Built m) => _done;")]
    [InlineData("public OneOf<Tested, Scanned> Handle(Built m) => default;")]
    [InlineData("public ValueTask HandleAsync(Built m, CancellationToken stop, MessageContext context) => default;")]
    public async Task A_thunk_allocates_nothing(string handler)
    {
        LoadedAgent loaded = AgentHarness.Agent($$"""
            namespace Shop;
            [Agent("qa")] public sealed class QaAgent { {{handler}} }
            """);
        var context = new SilentContext();
        object agent = loaded.Descriptor.Create(context.Services), message = loaded.Message("Built");
        HandlerThunk invoke = loaded.Descriptor.Handlers[0].Invoke;
        for (int i = 0; i < 200; i++)
            await invoke(agent, message, context);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            Assert.True(invoke(agent, message, context).IsCompletedSuccessfully);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
