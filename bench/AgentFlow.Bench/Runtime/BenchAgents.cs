namespace AgentFlow.Bench.Runtime;

/// <summary>Starts a short thread.</summary>
[Message("bench.ask")]
public sealed partial record Ask(int Number, string Text);

/// <summary>Ends it.</summary>
[Message("bench.answer")]
[EndsThread]
public sealed partial record Answer(int Number, string Text);

/// <summary>Answers at once.</summary>
[Agent("answerer")]
public sealed class Answerer
{
    /// <summary>Answers.</summary>
    public Answer Handle(Ask ask) => new(ask.Number, ask.Text);
}

/// <summary>Goes to the right.</summary>
[Message("bench.ping")]
[MaxHops(1_000_000)]
public sealed partial record Ping(int Number, string Text);

/// <summary>Comes back.</summary>
[Message("bench.pong")]
[MaxHops(1_000_000)]
public sealed partial record Pong(int Number, string Text);

/// <summary>Ends the exchange.</summary>
[Message("bench.enough")]
[EndsThread]
public sealed partial record Enough(int Number);

/// <summary>How long players play, and how many messages they have handled.</summary>
public sealed class Game
{
    private int _handled;

    /// <summary>Whether the players go on.</summary>
    public volatile bool GoesOn;

    /// <summary>How many messages were handled.</summary>
    public int Handled => Volatile.Read(ref _handled);

    internal void Count() => Interlocked.Increment(ref _handled);
}

/// <summary>Returns every ball.</summary>
[Agent("right")]
public sealed class RightPlayer(Game game)
{
    /// <summary>Returns.</summary>
    public Pong Handle(Ping ping)
    {
        game.Count();
        return new Pong(ping.Number, ping.Text);
    }
}

/// <summary>Returns every ball while the game goes on.</summary>
[Agent("left")]
public sealed class LeftPlayer(Game game)
{
    /// <summary>Returns, or ends.</summary>
    public OneOf<Ping, Enough> Handle(Pong pong)
    {
        game.Count();
        return game.GoesOn ? new Ping(pong.Number + 1, pong.Text) : new Enough(pong.Number);
    }
}

/// <summary>Starts a thread that parks.</summary>
[Message("bench.order")]
public sealed partial record Order(string Item, int Amount);

/// <summary>Waits for a person.</summary>
[Message("bench.purchase")]
[RequiresApproval("buyers", ExpiresAfter = "30d")]
[Summary("Buy {Amount} of {Item}")]
public sealed partial record Purchase(string Item, int Amount);

/// <summary>Ends it.</summary>
[Message("bench.bought")]
[EndsThread]
public sealed partial record Bought(string Item);

/// <summary>Asks people.</summary>
[Agent("clerk")]
public sealed class Clerk
{
    /// <summary>Asks.</summary>
    public Purchase Handle(Order order) => new(order.Item, order.Amount);
}

/// <summary>Acts on their yes.</summary>
[Agent("buyer")]
public sealed class Buyer
{
    /// <summary>Buys.</summary>
    public Bought Handle(Approved<Purchase> purchase) => new(purchase.Message.Item);
}
