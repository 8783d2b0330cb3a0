namespace AgentFlow.Generators.Tests.Diagnostics;

public sealed class StepAndSendTests
{
    [Theory]
    [InlineData("await Step(\"a\"); await Step(\"a\");", "AGF0107: Step 'a' comes twice in 'HandleAsync': the second effect would not run. Give each its own name.")]
    [InlineData("if (m.Service == \"\") await Step(\"a\"); else await Step(\"a\");", "AGF0107: Step 'a' comes twice in 'HandleAsync': the second effect would not run. Give each its own name.")]
    [InlineData("const string Name = \"a\"; await Step(Name); await Step(\"a\");", "AGF0107: Step 'a' comes twice in 'HandleAsync': the second effect would not run. Give each its own name.")]
    [InlineData("while (m.Service.Length > 0) await Step(\"a\");", "AGF0107: Step 'a' stands in a loop: only the first round would run it. Make the item a part of its name.")]
    public async Task A_repeated_step_is_found(string body, string expected) => Assert.Equal([expected], await FindAsync(body));

    [Theory]
    [InlineData("await Step(\"a\"); await Step(\"b\");")]
    [InlineData("for (int i = 0; i < 3; i++) await Step($\"a{i}\");")]
    [InlineData("await Step(m.Service); await Step(m.Service);")]
    public async Task Different_steps_are_legal(string body) => Assert.Empty(await FindAsync(body));

    [Fact]
    public async Task The_same_name_in_two_handlers_is_legal() => Assert.Empty(await RuleTest.FindAsync("""
        [Agent("qa")]
        public sealed class QaAgent
        {
            public async Task HandleAsync(Built m, MessageContext context) => await context.StepAsync("a", (key, stop) => ValueTask.FromResult(1));
            public async Task HandleAsync(Tested m, MessageContext context) => await context.StepAsync("a", (key, stop) => ValueTask.FromResult(1));
        }
        """));

    [Theory]
    [InlineData("await context.SendAsync(new Tested(\"\"));", "AGF0108: Agent 'qa' sends 'Tested', which its signatures do not show. Add [Sends(typeof(Tested))] to 'QaAgent'.")]
    [InlineData("await context.ScheduleAsync(new Tested(\"\"), TimeSpan.FromMinutes(1));", "AGF0108: Agent 'qa' sends 'Tested', which its signatures do not show. Add [Sends(typeof(Tested))] to 'QaAgent'.")]
    [InlineData("Func<Task> later = async () => await context.SendAsync(new Tested(\"\")); await later();", "AGF0108: Agent 'qa' sends 'Tested', which its signatures do not show. Add [Sends(typeof(Tested))] to 'QaAgent'.")]
    [InlineData("await context.SendAsync(\"text\");", "AGF0105: 'QaAgent' sends 'string', which is no contract. Mark that type [Message].")]
    [InlineData("await context.SendAsync(new Scanned(\"\"));", null)]
    public async Task What_is_sent_on_the_way_is_declared(string body, string? expected) =>
        Assert.Equal(expected is null ? [] : [expected], await FindAsync(body));

    [Fact]
    public async Task A_generic_helper_of_an_agent_does_not_hide_a_route() => Assert.Equal(
        ["AGF0108: Agent 'qa' sends 'T', which its signatures do not show. Add [Sends(typeof(T))] to 'QaAgent'."],
        await RuleTest.FindAsync("""
            [Agent("qa")]
            public sealed class QaAgent
            {
                public async Task HandleAsync(Built m, MessageContext context) => await Send(context, m);
                private static ValueTask Send<T>(MessageContext context, T message) where T : class => context.SendAsync(message);
            }
            """));

    private static Task<string[]> FindAsync(string body) => RuleTest.FindAsync($$"""
        [Agent("qa"), Sends(typeof(Scanned))]
        public sealed class QaAgent
        {
            public async Task HandleAsync(Built m, MessageContext context)
            {
                {{body.Replace("Step(", "context.StepAsync(", StringComparison.Ordinal).Replace(");", body.Contains("Step(", StringComparison.Ordinal) ? ", (key, stop) => ValueTask.FromResult(1));" : ");", StringComparison.Ordinal)}}
            }
        }
        """);
}
