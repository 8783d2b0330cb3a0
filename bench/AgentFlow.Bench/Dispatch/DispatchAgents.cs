using System.Runtime.CompilerServices;

namespace AgentFlow.Bench.Dispatch;

/// <summary>One of four messages that ask for nothing.</summary>
[Message("bench.tick-a")]
public sealed partial record TickA(int Number);

/// <inheritdoc cref="TickA"/>
[Message("bench.tick-b")]
public sealed partial record TickB(int Number);

/// <inheritdoc cref="TickA"/>
[Message("bench.tick-c")]
public sealed partial record TickC(int Number);

/// <inheritdoc cref="TickA"/>
[Message("bench.tick-d")]
public sealed partial record TickD(int Number);

/// <summary>Asks for an answer.</summary>
[Message("bench.question")]
public sealed partial record Question(int Number);

/// <summary>The answer.</summary>
[Message("bench.reply")]
[EndsThread]
public sealed partial record Reply(int Number);

/// <summary>An agent whose handlers do next to nothing.</summary>
[Agent("ticker")]
public sealed class TickAgent
{
    private readonly Reply _reply = new(1);
    private int _count;

    /// <summary>Takes a tick.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Handle(TickA tick) => _count += tick.Number;

    /// <inheritdoc cref="Handle(TickA)"/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Handle(TickB tick) => _count -= tick.Number;

    /// <inheritdoc cref="Handle(TickA)"/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Handle(TickC tick) => _count ^= tick.Number;

    /// <inheritdoc cref="Handle(TickA)"/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Handle(TickD tick) => _count |= tick.Number;

    /// <summary>Answers, with the same object each time: what is measured allocates no message.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public Reply Handle(Question question)
    {
        _count += question.Number;
        return _reply;
    }
}
