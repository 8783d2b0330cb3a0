namespace AgentFlow.Generators.Tests.Diagnostics;

public sealed class HandlerShapeTests
{
    [Theory]
    [InlineData("public static void Handle(Built m) { }", "'Handle' is static. A handler is an instance method: remove 'static'.")]
    [InlineData("public void Handle<T>(Built m) { }", "'Handle' is generic. Write one handler for each contract.")]
    [InlineData("public void Handle() { }", "'Handle' takes no message. Make a contract its first parameter, or give it another name.")]
    [InlineData("private void Handle(Built m) { }", "'Handle' takes a message but is not public, so it is never called. Make it public or give it another name.")]
    [InlineData("public void Handle(ref Built m) { }", "'m' is passed by reference. Take it by value.")]
    [InlineData("public void Handle(string m) { }", "'Handle' takes 'string', which is no contract. Mark that type [Message].")]
    [InlineData("public int Handle(Built m) => 1;", "'Handle' returns 'int', which is no contract. Mark that type [Message], or return nothing.")]
    [InlineData("public Task<List<Tested>> Handle(Built m) => null!;", "'Handle' returns 'List<Tested>', which is no contract. Mark that type [Message], or return nothing.")]
    [InlineData("public (Tested, Scanned)? Handle(Built m) => null;", "'Handle' returns '(Tested, Scanned)?', which is no contract. Mark that type [Message], or return nothing.")]
    [InlineData("public Approved<Deploy> Handle(Approved<Deploy> m) => m;", "'Handle' returns 'Approved<Deploy>', which is no contract. Mark that type [Message], or return nothing.")]
    [InlineData("public OneOf<Tested, Tested> Handle(Built m) => default;", "'Handle' returns 'OneOf<Tested, Tested>', where 'Tested' is also 'Tested'. Use contracts that do not derive from each other.")]
    [InlineData("public void Handle(Built m, int count) { }", "'count' is of type 'int', which is no service. Take a MessageContext, the thread's state, a CancellationToken or a registered service.")]
    [InlineData("public void Handle(Built m) { } public Task HandleAsync(Built m) => Task.CompletedTask;", "'HandleAsync' takes 'release.built@1', which 'QaAgent' already handles. Keep one of the two.")]
    [InlineData("public QaAgent(MessageContext context) { } public void Handle(Built m) { }", "'context' belongs to one message, but one agent serves all. Take it in the handler.")]
    [InlineData("public QaAgent() { } public QaAgent(TimeProvider clock) { } public void Handle(Built m) { }", "'QaAgent' has several constructors. Keep one public.")]
    [InlineData("private QaAgent() { } public void Handle(Built m) { }", "'QaAgent' has no constructor that generated code can call. Make one public or internal.")]
    [InlineData("public required string Name { get; set; } public void Handle(Built m) { }", "'QaAgent' has required members, which nobody sets. Take the values by constructor.")]
    public async Task What_is_not_legal_is_named_with_its_fix(string members, string expected) =>
        Assert.Equal(["AGF0105: " + expected], await RuleTest.FindAsync($$"""[Agent("qa")] public sealed class QaAgent { {{members}} }"""));

    [Theory]
    [InlineData("public static class QaAgent { }", "'QaAgent' is static. An agent is an instance: remove 'static'.")]
    [InlineData("public abstract class QaAgent { public void Handle(Built m) { } }", "'QaAgent' is abstract. Put [Agent] on the class that is made.")]
    [InlineData("public sealed class QaAgent<T> { public void Handle(Built m) { } }", "'QaAgent' is generic. Put [Agent] on a class with fixed type arguments.")]
    [InlineData("file sealed class QaAgent { public void Handle(Built m) { } }", "'QaAgent' is local to its file, where generated code cannot reach it. Make it internal.")]
    public async Task An_agent_is_a_class_that_generated_code_can_make(string type, string expected) =>
        Assert.Equal(["AGF0105: " + expected], await RuleTest.FindAsync($"[Agent(\"qa\")] {type}"));

    [Fact]
    public async Task A_nested_agent_must_be_reachable() => Assert.Equal(
        ["AGF0105: 'QaAgent' cannot be reached by generated code. Make it, and the types around it, internal or public."],
        await RuleTest.FindAsync("public static class Outer { [Agent(\"qa\")] private sealed class QaAgent { public void Handle(Built m) { } } }"));

    [Theory]
    [InlineData("private void Handle(string text) { } public void Handle(Built m) => Handle(m.Service);")]
    [InlineData("private QaAgent(int unused) { } public QaAgent() : this(1) { } public void Handle(Built m) { }")]
    [InlineData("public void Other(string text) { }")]
    public async Task Helpers_are_left_alone(string members) =>
        Assert.Empty(await RuleTest.FindAsync($$"""[Agent("qa")] public sealed class QaAgent { {{members}} }"""));

    [Theory]
    [InlineData("Qa")]
    [InlineData("")]
    [InlineData("qa agent")]
    [InlineData("größe")]
    public async Task An_agent_name_has_few_letters(string name) =>
        Assert.StartsWith("AGF0013: 'QaAgent' has the agent name", Assert.Single(await RuleTest.FindAsync($"[Agent(\"{name}\")] public sealed class QaAgent;")), StringComparison.Ordinal);

    [Theory]
    [InlineData("Max = 0", "AGF0013: 'Handle' is tried 0 times. Set Max to 1 to 100.")]
    [InlineData("Backoff = \"1m\"", "AGF0011: '1m' is not two durations, the shorter first. Write '1s..1m'.")]
    [InlineData("Backoff = \"1m..1s\"", "AGF0011: '1m..1s' is not two durations, the shorter first. Write '1s..1m'.")]
    public async Task A_retry_is_checked(string retry, string expected) =>
        Assert.Equal([expected], await RuleTest.FindAsync($$"""[Agent("qa")] public sealed class QaAgent { [Retry({{retry}})] public void Handle(Built m) { } }"""));

    [Fact]
    public async Task Sends_names_contracts() => Assert.Equal(
        ["AGF0105: 'QaAgent' declares that it sends 'String', which is no contract. Mark it [Message]."],
        await RuleTest.FindAsync("[Agent(\"qa\"), Sends(typeof(string))] public sealed class QaAgent { public void Handle(Built m) { } }"));
}
