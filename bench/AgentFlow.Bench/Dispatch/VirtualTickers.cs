using System.Runtime.CompilerServices;

namespace AgentFlow.Bench.Dispatch;

/// <summary>What a direct virtual call goes to: four implementations, as there are four handlers, so that neither call site can guess its target.</summary>
internal abstract class VirtualTicker
{
    protected int Count { get; set; }

    public static VirtualTicker[] All() => [new First(), new Second(), new Third(), new Fourth()];

    public abstract void Take(TickA tick);

    private sealed class First : VirtualTicker
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public override void Take(TickA tick) => Count += tick.Number;
    }

    private sealed class Second : VirtualTicker
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public override void Take(TickA tick) => Count -= tick.Number;
    }

    private sealed class Third : VirtualTicker
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public override void Take(TickA tick) => Count ^= tick.Number;
    }

    private sealed class Fourth : VirtualTicker
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public override void Take(TickA tick) => Count |= tick.Number;
    }
}
