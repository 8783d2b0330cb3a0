using NpgsqlTypes;

namespace AgentFlow.Hub.PostgreSql.Copy;

/// <summary>How a value is copied. A shard is computed from the key that stands in its place in the source.</summary>
internal enum CopyType
{
    Shard,
    Int16,
    Int32,
    Int64,
    Boolean,
    Uuid,
    Bytes,
}

/// <summary>A table: its columns in PostgreSQL, and the query that yields the same values from SQLite.</summary>
internal sealed record CopyTable(string Name, string Columns, string Source, params IReadOnlyList<CopyType> Types)
{
    public static CopyTable Threads { get; } = new(
        "thread", "shard,id,n,kind,head,first,swept,members_ver,fan,retain_ms,closed",
        "SELECT id,id,n,kind,head,first,swept,members_ver,fan,retain_ms,closed FROM thread",
        CopyType.Shard, CopyType.Bytes, CopyType.Int64, CopyType.Int16, CopyType.Int64, CopyType.Int64, CopyType.Int64, CopyType.Int64, CopyType.Int16,
        CopyType.Int64, CopyType.Boolean);

    public static CopyTable Log { get; } = new(
        "log", "shard,thread,seq,msg,hash,chain,at,exp,keep_head,keep_tail,hidden,body",
        "SELECT t.id,t.id,l.seq,l.msg,l.hash,l.chain,l.at,l.exp,l.keep_head,l.keep_tail,l.hidden,l.body FROM log l JOIN thread t ON t.n=l.thread",
        CopyType.Shard, CopyType.Bytes, CopyType.Int64, CopyType.Uuid, CopyType.Bytes, CopyType.Bytes, CopyType.Int64, CopyType.Int64, CopyType.Int32,
        CopyType.Int32, CopyType.Boolean, CopyType.Bytes);

    public static CopyTable Members { get; } = new(
        "member", "shard,thread,agent,role,from_seq", "SELECT t.id,t.id,m.agent,m.role,m.from_seq FROM member m JOIN thread t ON t.n=m.thread",
        CopyType.Shard, CopyType.Bytes, CopyType.Bytes, CopyType.Int16, CopyType.Int64);

    // A token must go on rising, so it comes along; who held the lease does not.
    public static CopyTable Inboxes { get; } = new(
        "inbox", "shard,agent,thread,n,head_seq,acked_seq,prio,touched,lease_token",
        "SELECT i.agent,i.agent,t.id,i.thread,i.head_seq,i.acked_seq,i.prio,i.touched,i.lease_token FROM inbox i JOIN thread t ON t.n=i.thread",
        CopyType.Shard, CopyType.Bytes, CopyType.Bytes, CopyType.Int64, CopyType.Int64, CopyType.Int64, CopyType.Int16, CopyType.Int64, CopyType.Int64);

    public static CopyTable States { get; } = new(
        "state", "shard,kind,key,ver,exp,v", "SELECT key,kind,key,ver,exp,v FROM state",
        CopyType.Shard, CopyType.Int16, CopyType.Bytes, CopyType.Int64, CopyType.Int64, CopyType.Bytes);

    public static CopyTable Blobs { get; } = new(
        "blob", "shard,id,at,v", "SELECT id,id,at,v FROM blob", CopyType.Shard, CopyType.Bytes, CopyType.Int64, CopyType.Bytes);

    public static NpgsqlDbType DbTypeOf(CopyType type) => type switch
    {
        CopyType.Shard or CopyType.Int16 => NpgsqlDbType.Smallint,
        CopyType.Int32 => NpgsqlDbType.Integer,
        CopyType.Int64 => NpgsqlDbType.Bigint,
        CopyType.Boolean => NpgsqlDbType.Boolean,
        CopyType.Uuid => NpgsqlDbType.Uuid,
        _ => NpgsqlDbType.Bytea,
    };
}
