using System.Buffers.Binary;
using System.Security.Cryptography;
using AgentFlow.Hub.Stores;

namespace AgentFlow.Hub.Tests.Helpers;

/// <summary>Ids and operations from small numbers: the same number always gives the same value.</summary>
internal static class Make
{
    public static ThreadId Thread(int number) => new(Bytes("thread", number));

    public static AgentId Agent(int number) => new(Bytes("agent", number));

    public static Bytes32 Hash(ReadOnlySpan<byte> bytes) => new(SHA256.HashData(bytes));

    public static MessageId Message(int number)
    {
        byte[] bytes = new byte[16];
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(12), number);
        return MessageId.Read(bytes);
    }

    public static byte[] Body(int number, int size = 40)
    {
        byte[] body = new byte[size];
        for (int i = 0; i < size; i++)
            body[i] = (byte)(number + (i * 7) + (i >> 8));
        return body;
    }

    public static StoreOp.Append Append(int thread, int message, byte[]? body = null)
    {
        body ??= Body(message);
        return new StoreOp.Append(Thread(thread), Message(message), body, Hash(body)) { ThreadHash = Hash(BitConverter.GetBytes(message)), KeepHead = 3, KeepTail = 2 };
    }

    public static StoreOp.Create Create(int thread) => new(Thread(thread), ThreadKind.Durable);

    public static StoreOp.SetMembers Members(int thread, params int[] agents) =>
        new(Thread(thread), [.. agents.Select(a => new Member(Agent(a), 1, 1))]);

    public static StateKey Key(int number) => new(StateKind.Session, Bytes("state", number).ToArray());

    private static Bytes32 Bytes(string kind, int number) => Hash([.. System.Text.Encoding.ASCII.GetBytes(kind), .. BitConverter.GetBytes(number)]);
}
