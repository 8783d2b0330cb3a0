using Microsoft.Extensions.Hosting;

namespace AgentFlow.PostgreSql.Tests.Shared;

/// <summary>Looks at what the processes left: every run complete and verified, every message once, every effect at least once and counted once.</summary>
internal static class ChainCheck
{
    private static readonly string[] s_agents = ["first", "second", "third"];

    /// <returns>How many effects were had a second time: such of which the journal had not told when their process died or was cut off.</returns>
    public static async Task<int> AssertAllAsync(SharedPlace place, int runs, string[] names, CancellationToken cancel)
    {
        using var host = SharedApp.Build(place, "checker");
        await host.StartAsync(cancel);
        var effects = new List<string[]>();
        foreach (string file in names.Select(name => Effects.FileOf(place.Folder, name)).Where(File.Exists))
            effects.AddRange((await File.ReadAllLinesAsync(file, cancel)).Select(line => line.Split(' ')));
        for (int run = 0; run < runs; run++)
        {
            var thread = await host.Flow().StartThreadAsync(new Begin(run), new StartThreadOptions { IdempotencyKey = ChainChild.KeyOf(run) }, cancel);
            var info = await host.Flow().WaitForOutcomeAsync(thread, cancel);
            Assert.True(info.Outcome == ThreadOutcome.Completed, $"run {run}: {info.Outcome}, {info.Reason}");
            var check = await host.Flow().VerifyThreadAsync(thread, cancel);
            Assert.True(check.IsValid, $"run {run}: {string.Join("; ", check.Faults)}");
            var messages = await host.Flow().ReadMessagesAsync(thread, cancel);
            Assert.Equal([typeof(Begin), typeof(One), typeof(Two), typeof(Done)], messages.Select(message => message.Message!.GetType()));
            string[] counted = [((One)messages[1].Message!).Mark, ((Two)messages[2].Message!).Mark, ((Done)messages[3].Message!).Mark];
            for (int i = 0; i < s_agents.Length; i++)
            {
                var had = effects.Where(effect => effect[0] == s_agents[i]
                    && effect[1] == run.ToString(System.Globalization.CultureInfo.InvariantCulture)).ToList();
                Assert.Single(had, effect => effect[3] == counted[i]);
                Assert.Single(had.Select(effect => effect[2]).Distinct());
            }
        }

        await host.StopAsync(cancel);
        return effects.Count - (runs * s_agents.Length);
    }
}
