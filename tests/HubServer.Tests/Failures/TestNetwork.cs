using System.Globalization;

namespace AgentFlow.HubServer.Tests.Failures;

/// <summary>A network namespace beside this one, and the cable between them: it can be cut without a word to either side, and made slow and lossy.</summary>
internal sealed class TestNetwork : IAsyncDisposable
{
    private readonly string _space;
    private readonly string _cable;
    private readonly int _subnet;

    private TestNetwork()
    {
        int id = Environment.ProcessId % 10_000;
        (_space, _cable, _subnet) = ($"afnet{id}", $"afv{id}", 16 + (id % 200));
    }

    /// <summary>What starts a program on the other side.</summary>
    public string[] Through => ["ip", "netns", "exec", _space];

    /// <summary>The address of the other side.</summary>
    public string There => string.Create(CultureInfo.InvariantCulture, $"10.213.{_subnet}.2");

    private string Here => string.Create(CultureInfo.InvariantCulture, $"10.213.{_subnet}.1/30");

    private string OtherEnd => _cable + "b";

    /// <summary>Lays the cable.</summary>
    public static async Task<TestNetwork> LayAsync()
    {
        var network = new TestNetwork();
        await Tool.RunAsync("ip", "netns", "add", network._space);
        await Tool.RunAsync("ip", "link", "add", network._cable, "type", "veth", "peer", "name", network.OtherEnd, "netns", network._space);
        await Tool.RunAsync("ip", "addr", "add", network.Here, "dev", network._cable);
        await Tool.RunAsync("ip", "link", "set", network._cable, "up");
        await network.InsideAsync("ip", "addr", "add", network.There + "/30", "dev", network.OtherEnd);
        await network.InsideAsync("ip", "link", "set", "lo", "up");
        await network.HealAsync();
        return network;
    }

    /// <summary>Nothing arrives any more, on either side; no connection is told.</summary>
    public Task CutAsync() => InsideAsync("ip", "link", "set", OtherEnd, "down");

    public Task HealAsync() => InsideAsync("ip", "link", "set", OtherEnd, "up");

    /// <summary>
    /// Delays and loses packets in both directions, and says how: with netem where the kernel has it, else by a thin pipe whose queue delays and, when it is
    /// full, drops.
    /// </summary>
    public async Task<string> WearAsync()
    {
        string[] netem = ["netem", "delay", "30ms", "10ms", "loss", "2%"];
        bool isNetem = await Tool.TryAsync("tc", ["qdisc", "add", "dev", _cable, "root", .. netem]);
        string[] discipline = isNetem ? netem : ["tbf", "rate", "1mbit", "burst", "4kb", "latency", "40ms"];
        if (!isNetem)
            await Tool.RunAsync("tc", ["qdisc", "add", "dev", _cable, "root", .. discipline]);
        await InsideAsync("tc", ["qdisc", "add", "dev", OtherEnd, "root", .. discipline]);
        return string.Join(' ', discipline);
    }

    public async ValueTask DisposeAsync()
    {
        await Tool.RunAsync("ip", "link", "del", _cable);
        await Tool.RunAsync("ip", "netns", "del", _space);
    }

    private Task InsideAsync(string program, params string[] arguments) => Tool.RunAsync(Through[0], [.. Through[1..], program, .. arguments]);
}
