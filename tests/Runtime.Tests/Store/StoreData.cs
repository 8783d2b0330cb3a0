using System.Security.Cryptography;
using AgentFlow.Store;

namespace AgentFlow.Runtime.Tests.Store;

/// <summary>Random rows for tests of the store.</summary>
internal static class StoreData
{
    public static DateTimeOffset Start { get; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static Bytes32 Hash() => new(RandomNumberGenerator.GetBytes(32));

    public static AgentId Agent() => new(Hash());

    public static ThreadId Thread() => new(Hash());

    public static MessageId Message() => MessageId.New(Start);

    public static byte[] Bytes(int length = 100) => RandomNumberGenerator.GetBytes(length);

    public static HistoryRecord Record() => new()
    {
        MessageId = Message(),
        Sender = Agent(),
        Header = Bytes(192),
        Context = Hash(),
        CommitmentKey = Hash(),
        Trailer = Bytes(64),
        Plaintext = Bytes(256),
    };

    public static AgentCommit Commit(AgentId agent, ThreadId thread, long? expectVersion, params AgentOp[] operations) =>
        new() { Agent = agent, Thread = thread, ExpectVersion = expectVersion, Operations = operations };

    public static void AssertSame(HistoryRecord expected, HistoryRecord? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(expected.MessageId, actual.MessageId);
        Assert.Equal(expected.Sender, actual.Sender);
        Assert.Equal(expected.Context, actual.Context);
        Assert.Equal(expected.CommitmentKey, actual.CommitmentKey);
        Assert.Equal(expected.Header.ToArray(), actual.Header.ToArray());
        Assert.Equal(expected.Trailer.ToArray(), actual.Trailer.ToArray());
        Assert.Equal(expected.Plaintext.ToArray(), actual.Plaintext.ToArray());
    }
}

/// <summary>A clock that stands until a test moves it.</summary>
internal sealed class StandingClock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = StoreData.Start;

    public override DateTimeOffset GetUtcNow() => Now;
}
