using AgentFlow.Storage;

namespace AgentFlow.Store.Sqlite;

/// <summary>The tables of <c>agents.db</c>. Only ids, numbers, times and the public hashes E and T lie open; the rest is sealed, and every <c>name</c> is hashed under a storage key.</summary>
/// <remarks><c>vault</c> holds the wrapped storage keys, apart from rows that move, so that deleting one (with <c>secure_delete</c>) leaves no copy in another page. <c>thread.n</c> is a small alias for (agent, thread) in child keys. Tables with large bodies keep a rowid, so that an index lookup does not drag bodies along.</remarks>
internal static class AgentSchema
{
    /// <summary>The migrations, in order. One that was published is never edited.</summary>
    public static IReadOnlyList<Migration> Migrations { get; } = [new("tables of the agents' store", Version1)];

    private const string Version1 = """
        CREATE TABLE mark(id INTEGER PRIMARY KEY CHECK (id = 1), body BLOB NOT NULL);
        CREATE TABLE agent(agent BLOB PRIMARY KEY, name BLOB NOT NULL UNIQUE, version INTEGER NOT NULL, body BLOB NOT NULL);
        CREATE TABLE peer(agent BLOB PRIMARY KEY, seq INTEGER NOT NULL, head BLOB NOT NULL, body BLOB NOT NULL, fork BLOB);
        CREATE TABLE thread(n INTEGER PRIMARY KEY, agent BLOB NOT NULL, thread BLOB NOT NULL, version INTEGER NOT NULL, fence INTEGER NOT NULL DEFAULT 0,
          received INTEGER NOT NULL DEFAULT 0, pos INTEGER NOT NULL DEFAULT 0, frame INTEGER NOT NULL DEFAULT 0, outcome INTEGER NOT NULL DEFAULT 0, blocked INTEGER,
          started INTEGER NOT NULL, updated INTEGER NOT NULL, destroyed INTEGER NOT NULL DEFAULT 0, title BLOB, reason BLOB, parent BLOB, member BLOB);
        CREATE TABLE vault(thread INTEGER PRIMARY KEY, body BLOB NOT NULL);
        CREATE UNIQUE INDEX thread_id ON thread(agent, thread);
        CREATE INDEX thread_started ON thread(started, n);
        CREATE INDEX thread_outcome ON thread(outcome, started, n);
        CREATE TABLE history(n INTEGER PRIMARY KEY, thread INTEGER NOT NULL, pos INTEGER NOT NULL, env BLOB NOT NULL, hash BLOB NOT NULL, status INTEGER NOT NULL, body BLOB);
        CREATE UNIQUE INDEX history_pos ON history(thread, pos);
        CREATE INDEX history_env ON history(thread, env);
        CREATE TABLE own(n INTEGER PRIMARY KEY, thread INTEGER NOT NULL, env BLOB NOT NULL, body BLOB NOT NULL);
        CREATE UNIQUE INDEX own_env ON own(thread, env);
        CREATE TABLE handled(thread INTEGER NOT NULL, pos INTEGER NOT NULL, frame INTEGER NOT NULL, PRIMARY KEY(thread, pos, frame)) WITHOUT ROWID;
        CREATE TABLE state(n INTEGER PRIMARY KEY, thread INTEGER NOT NULL, name BLOB NOT NULL, shape INTEGER NOT NULL, version INTEGER NOT NULL, body BLOB NOT NULL);
        CREATE UNIQUE INDEX state_name ON state(thread, name);
        CREATE TABLE outbox(n INTEGER PRIMARY KEY AUTOINCREMENT, thread INTEGER NOT NULL, msg BLOB NOT NULL, env BLOB NOT NULL, genesis INTEGER NOT NULL, body BLOB NOT NULL);
        CREATE UNIQUE INDEX outbox_msg ON outbox(thread, msg);
        CREATE TABLE journal(n INTEGER PRIMARY KEY, thread INTEGER NOT NULL, name BLOB NOT NULL, body BLOB NOT NULL);
        CREATE UNIQUE INDEX journal_name ON journal(thread, name);
        CREATE TABLE approval(n INTEGER PRIMARY KEY, thread INTEGER NOT NULL, env BLOB NOT NULL, state INTEGER NOT NULL, body BLOB NOT NULL);
        CREATE UNIQUE INDEX approval_env ON approval(thread, env);
        CREATE INDEX approval_pending ON approval(n) WHERE state = 1;
        CREATE TABLE timer(n INTEGER PRIMARY KEY, thread INTEGER NOT NULL, kind INTEGER NOT NULL, name BLOB NOT NULL, due INTEGER NOT NULL, body BLOB NOT NULL);
        CREATE UNIQUE INDEX timer_name ON timer(thread, kind, name);
        CREATE INDEX timer_due ON timer(due, n);
        CREATE TABLE dead(n INTEGER PRIMARY KEY, thread INTEGER NOT NULL, pos INTEGER NOT NULL, frame INTEGER NOT NULL, at INTEGER NOT NULL, body BLOB NOT NULL);
        CREATE UNIQUE INDEX dead_pos ON dead(thread, pos, frame);
        CREATE TABLE audit(n INTEGER PRIMARY KEY AUTOINCREMENT, thread INTEGER NOT NULL, at INTEGER NOT NULL, kind INTEGER NOT NULL, body BLOB NOT NULL);
        CREATE INDEX audit_thread ON audit(thread, n);
        """;
}
