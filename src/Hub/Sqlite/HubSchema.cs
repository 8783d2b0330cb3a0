using AgentFlow.Storage;

namespace AgentFlow.Hub.Sqlite;

/// <summary>The tables of the hub. Times are Unix milliseconds by the store's clock; a released step never changes.</summary>
internal static class HubSchema
{
    public static IReadOnlyList<Migration> Steps { get; } =
    [
        new("threads, log, inbox, state", """
            CREATE TABLE thread(id BLOB PRIMARY KEY, n INTEGER NOT NULL UNIQUE, shard INTEGER NOT NULL, kind INTEGER NOT NULL,
              head INTEGER NOT NULL DEFAULT 0, first INTEGER NOT NULL DEFAULT 1, swept INTEGER NOT NULL DEFAULT 1, bytes INTEGER NOT NULL DEFAULT 0,
              members_ver INTEGER NOT NULL DEFAULT 0, fan INTEGER NOT NULL DEFAULT 0, retain_ms INTEGER, closed INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
            CREATE INDEX thread_trim ON thread(n) WHERE first>swept;
            -- In the order of arrival, so that bodies are written once, at the hot end of the file. exp: NULL never, -1 not even by a trim.
            CREATE TABLE log(pos INTEGER PRIMARY KEY, thread INTEGER NOT NULL, seq INTEGER NOT NULL, msg BLOB NOT NULL, hash BLOB NOT NULL, chain BLOB NOT NULL,
              at INTEGER NOT NULL, exp INTEGER, keep_head INTEGER NOT NULL, keep_tail INTEGER NOT NULL, hidden INTEGER NOT NULL DEFAULT 0, body BLOB NOT NULL);
            CREATE UNIQUE INDEX log_seq ON log(thread, seq);
            CREATE UNIQUE INDEX log_msg ON log(msg, thread);
            CREATE INDEX log_exp ON log(exp) WHERE exp>0;
            CREATE TABLE member(thread INTEGER NOT NULL, agent BLOB NOT NULL, role INTEGER NOT NULL, from_seq INTEGER NOT NULL,
              PRIMARY KEY(thread, agent)) WITHOUT ROWID;
            CREATE TABLE inbox(agent BLOB NOT NULL, thread INTEGER NOT NULL, head_seq INTEGER NOT NULL, acked_seq INTEGER NOT NULL DEFAULT 0,
              prio INTEGER NOT NULL DEFAULT 0, touched INTEGER NOT NULL, lease_owner BLOB, lease_token INTEGER NOT NULL DEFAULT 0,
              lease_until INTEGER NOT NULL DEFAULT 0, PRIMARY KEY(agent, thread)) WITHOUT ROWID;
            CREATE INDEX inbox_dirty ON inbox(agent, prio DESC, touched, thread) WHERE head_seq>acked_seq;
            CREATE TABLE state(kind INTEGER NOT NULL, key BLOB NOT NULL, ver INTEGER NOT NULL, exp INTEGER, v BLOB, PRIMARY KEY(kind, key)) WITHOUT ROWID;
            CREATE INDEX state_exp ON state(exp) WHERE exp IS NOT NULL;
            CREATE TABLE blob(id BLOB NOT NULL UNIQUE, at INTEGER NOT NULL, v BLOB NOT NULL);
            """),
    ];
}
