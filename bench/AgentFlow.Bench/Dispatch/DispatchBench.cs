using System.Diagnostics;
using AgentFlow.Contracts;
using AgentFlow.Dispatch;
using AgentFlow.SourceGeneration;

namespace AgentFlow.Bench.Dispatch;

/// <summary>What it costs to bring a decoded message to its handler, against a direct virtual call of a method that does the same.</summary>
internal sealed class DispatchBench
{
    private const int Calls = 20_000;
    private const int Rounds = 400;
    private static readonly AgentDescriptor s_agent = AgentFlowModule.Descriptor.Agents.Single(agent => agent.ClrType == typeof(TickAgent));
    private static readonly ContractCatalogue s_catalogue = ContractCatalogue.Build(AgentFlowModule.Descriptor.Messages);
    private static readonly AgentRoutes s_routes = AgentRoutes.Build(s_agent, s_catalogue);
    private static readonly MessageCause s_cause = new() { Thread = default, Position = 2, Frame = 0, MessageId = default, Sender = default, SentAt = 0, Envelope = default };
    private readonly TickAgent _instance = new();
    private readonly VirtualTicker[] _tickers = VirtualTicker.All();
    private readonly HandlerContext _context = new(default, new NoServices(), s_catalogue, null!, null!);
    private readonly TickA _tick = new(1);
    private readonly Question _question = new(1);
    private readonly (object Message, HandlerDescriptor Handler)[] _handlers;

    private DispatchBench() => _handlers = [.. new object[] { _tick, new TickB(1), new TickC(1), new TickD(1) }.Select(tick => (tick, Find(tick)))];

    public static Task RunAsync(BenchSettings settings, Report report)
    {
        Report.Begin("dispatch: a decoded message to its handler, in turns with a direct virtual call; medians");
        var bench = new DispatchBench();
        (string Name, Action Run)[] cases =
        [
            ("direct virtual call", bench.CallVirtually),
            ("generated thunk", bench.CallThunk),
            ("context + thunk, as the runtime calls it", bench.CallInContext),
            ("context + thunk that sends a reply", bench.CallWithReply),
            ("decoder and route by contract + context + thunk", bench.CallByRoute),
        ];
        var medians = new Medians(cases.Length);
        long[] allocated = new long[cases.Length];
        medians.Run(Rounds, Rounds, () =>
        {
            for (int i = 0; i < cases.Length; i++)
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                long started = Stopwatch.GetTimestamp();
                cases[i].Run();
                medians.Record(i, started, Calls);
                allocated[i] = GC.GetAllocatedBytesForCurrentThread() - before;
            }
        });
        for (int i = 0; i < cases.Length; i++)
            Report.Detail($"{cases[i].Name,-52} {medians[i] * 1000,7:0.00} ns, {medians[i] / medians[0],6:0.00}x, {allocated[i] / (double)Calls:0.##} B a call");
        report.AtMost("dispatch: generated thunk : direct virtual call", medians[1] / medians[0], 2);
        report.Add("dispatch: context + thunk, as the runtime calls it : virtual call", medians[2] / medians[0]);
        report.Add("dispatch: decoder + route + context + thunk : virtual call", medians[4] / medians[0]);
        report.AtMost("dispatch: allocated by the dearest of these", allocated.Max() / (double)Calls, 0, " B");
        return Task.CompletedTask;
    }

    private static HandlerDescriptor Find(object message) =>
        s_routes.TryFind(s_catalogue.Get(message.GetType()), out var route) ? route.Message! : throw new UnreachableException();

    private void CallVirtually()
    {
        foreach (var ticker in _tickers)
        {
            for (int i = 0; i < Calls / 4; i++)
                ticker.Take(_tick);
        }
    }

    private void CallThunk()
    {
        foreach (var (message, handler) in _handlers)
        {
            var invoke = handler.Invoke;
            for (int i = 0; i < Calls / 4; i++)
                Finish(invoke(_instance, message, _context));
        }
    }

    private void CallInContext()
    {
        foreach (var (message, handler) in _handlers)
        {
            for (int i = 0; i < Calls / 4; i++)
                Call(handler, message);
        }
    }

    private void CallWithReply()
    {
        var handler = Find(_question);
        for (int i = 0; i < Calls; i++)
            Call(handler, _question);
    }

    private void CallByRoute()
    {
        foreach (var (message, _) in _handlers)
        {
            var key = s_catalogue.Get(message.GetType()).Key;
            for (int i = 0; i < Calls / 4; i++)
            {
                if (!s_catalogue.TryFindDecoder(key, out var decoder) || !s_routes.TryFind(decoder.Target, out var route))
                    throw new UnreachableException();
                Call(route.Message!, message);
            }
        }
    }

    private void Call(HandlerDescriptor handler, object message)
    {
        _context.Begin(s_agent, s_cause, attempt: 1, state: null, CancellationToken.None);
        Finish(handler.Invoke(_instance, message, _context));
        _context.End();
    }

    private static void Finish(ValueTask call)
    {
        if (!call.IsCompletedSuccessfully)
            throw new UnreachableException();
    }

    private sealed class NoServices : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}
