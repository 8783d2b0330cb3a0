using System.Buffers.Binary;
using AgentFlow.Hub.Stores;

namespace AgentFlow.Hub.PostgreSql.Lanes;

/// <summary>One operation as a row of the type <c>agentflow.op</c>.</summary>
internal readonly record struct OpRow(
    OpKind Kind, byte[] Id, byte[]? Agent = null, long? N = null, long? Expiry = null, int A = 0, int B = 0, ReadOnlyMemory<byte> Body = default)
{
    private const int MemberSize = 42;

    public StoreOp.Append? Append { get; private init; }

    public static OpRow Of(StoreOp op) => op switch
    {
        StoreOp.Append o => new OpRow(OpKind.Append, BytesOf(o.Thread), null, o.ExpectHead, AppendColumns.ExpiryOf(o), o.KeepHead, o.KeepTail, o.Body)
        {
            Append = o,
        },
        StoreOp.NoteInbox o => new OpRow(OpKind.NoteInbox, BytesOf(o.Thread), BytesOf(o.Agent), o.HeadPosition, A: o.Priority),
        StoreOp.Ack o => new OpRow(OpKind.Acknowledge, BytesOf(o.Thread), BytesOf(o.Agent), o.UpToPosition),
        StoreOp.Put o => new OpRow(
            OpKind.Put, o.Key.Key.ToArray(), null, o.ExpectVersion, o.ExpiresAt?.ToUnixTimeMilliseconds(), (int)o.Key.Kind, Body: o.Value),
        StoreOp.Del o => new OpRow(OpKind.Delete, o.Key.Key.ToArray(), null, o.ExpectVersion, A: (int)o.Key.Kind),
        StoreOp.Create o => new OpRow(
            OpKind.Create, BytesOf(o.Thread), null, o.Retention is { } time ? (long)time.TotalMilliseconds : null, A: (int)o.Kind, B: (int)o.Fan),
        StoreOp.SetMembers o => new OpRow(OpKind.SetMembers, BytesOf(o.Thread), Body: List(o.Members)),
        StoreOp.Close o => new OpRow(OpKind.Close, BytesOf(o.Thread)),
        StoreOp.Trim o => new OpRow(OpKind.Trim, BytesOf(o.Thread), null, o.BelowPosition),
        StoreOp.Complete o => OfClaim(o.Claim, o.Token, OpKind.CompleteInbox, OpKind.CompleteFanOut),
        _ => throw new InvalidOperationException($"The store does not know the operation {op.GetType().Name}."),
    };

    public static OpRow Of(Fence fence) => OfClaim(fence.Claim, fence.Token, OpKind.InboxFence, OpKind.FanOutFence);

    private static OpRow OfClaim(ClaimId claim, long token, OpKind inbox, OpKind fanOut) => claim.Kind == ClaimKind.Inbox
        ? new OpRow(inbox, BytesOf(claim.Thread), BytesOf(claim.Agent), token)
        : new OpRow(fanOut, [], null, token);

    private static byte[] BytesOf(ThreadId thread) => thread.Value.ToArray();

    private static byte[] BytesOf(AgentId agent) => agent.Value.ToArray();

    private static byte[] List(IReadOnlyList<Member> members)
    {
        byte[] list = new byte[members.Count * MemberSize];
        for (int i = 0; i < members.Count; i++)
        {
            var entry = list.AsSpan(i * MemberSize, MemberSize);
            members[i].Agent.Span.CopyTo(entry);
            BinaryPrimitives.WriteInt16BigEndian(entry[32..], members[i].Role);
            BinaryPrimitives.WriteInt64BigEndian(entry[34..], members[i].FromPosition);
        }

        return list;
    }
}
