-- Only ids, numbers, times and the public hashes E and T lie open; the rest is sealed, and every name is hashed under a storage key. Times are Unix milliseconds.
-- Names are looked up in the schema that the connection names, so that two apps can have two stores in one database.
CREATE FUNCTION now_ms() RETURNS bigint LANGUAGE sql VOLATILE AS $$ SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint $$;

CREATE TABLE mark(
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  body bytea NOT NULL);

-- The storage key of the store, sealed under what every process is given: a passphrase or a machine key.
CREATE TABLE device_key(
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  body bytea NOT NULL);

CREATE TABLE agent(
  agent bytea PRIMARY KEY CHECK (octet_length(agent) = 32),
  name bytea NOT NULL UNIQUE,
  version bigint NOT NULL,
  body bytea NOT NULL);

CREATE TABLE peer(
  agent bytea PRIMARY KEY CHECK (octet_length(agent) = 32),
  seq bigint NOT NULL,
  head bytea NOT NULL,
  body bytea NOT NULL,
  fork bytea);

-- The token is the fence of every commit to the thread. A renewal changes no indexed column, so it is done in place.
CREATE TABLE lease(
  agent bytea NOT NULL,
  thread bytea NOT NULL,
  owner uuid NOT NULL,
  token bigint NOT NULL,
  held boolean NOT NULL,
  until bigint NOT NULL,
  PRIMARY KEY (agent, thread)) WITH (fillfactor = 70);
CREATE INDEX lease_held ON lease(agent, thread) WHERE held;

CREATE TABLE thread(
  n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  agent bytea NOT NULL CHECK (octet_length(agent) = 32),
  thread bytea NOT NULL CHECK (octet_length(thread) = 32),
  version bigint NOT NULL DEFAULT 0,
  received bigint NOT NULL DEFAULT 0,
  pos bigint NOT NULL DEFAULT 0,
  frame int NOT NULL DEFAULT 0,
  outcome int NOT NULL DEFAULT 0,
  blocked bigint,
  started bigint NOT NULL,
  updated bigint NOT NULL,
  destroyed boolean NOT NULL DEFAULT false,
  title bytea,
  reason bytea,
  parent bytea,
  member bytea) WITH (fillfactor = 70);
ALTER TABLE thread ALTER COLUMN member SET STORAGE EXTERNAL;
CREATE UNIQUE INDEX thread_id ON thread(agent, thread);
CREATE INDEX thread_started ON thread(started, n);
CREATE INDEX thread_outcome ON thread(outcome, started, n);

-- The wrapped storage keys: without its row here nothing of a thread can be read any more.
CREATE TABLE vault(
  thread bigint PRIMARY KEY,
  body bytea NOT NULL);

CREATE TABLE history(
  thread bigint NOT NULL,
  pos bigint NOT NULL,
  env bytea NOT NULL,
  hash bytea NOT NULL,
  status int NOT NULL,
  body bytea,
  PRIMARY KEY (thread, pos));
ALTER TABLE history ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE INDEX history_env ON history(thread, env);

CREATE TABLE own(
  thread bigint NOT NULL,
  env bytea NOT NULL,
  body bytea NOT NULL,
  PRIMARY KEY (thread, env));
ALTER TABLE own ALTER COLUMN body SET STORAGE EXTERNAL;

CREATE TABLE handled(
  thread bigint NOT NULL,
  pos bigint NOT NULL,
  frame int NOT NULL,
  PRIMARY KEY (thread, pos, frame));

CREATE TABLE state(
  thread bigint NOT NULL,
  name bytea NOT NULL,
  shape int NOT NULL,
  version bigint NOT NULL,
  body bytea NOT NULL,
  PRIMARY KEY (thread, name));
ALTER TABLE state ALTER COLUMN body SET STORAGE EXTERNAL;

-- Within a thread n rises with each commit, because a commit holds the thread's row.
CREATE TABLE outbox(
  n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  thread bigint NOT NULL,
  msg bytea NOT NULL,
  env bytea NOT NULL,
  genesis boolean NOT NULL,
  body bytea NOT NULL,
  UNIQUE (thread, msg)) WITH (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);
ALTER TABLE outbox ALTER COLUMN body SET STORAGE EXTERNAL;

CREATE TABLE journal(
  thread bigint NOT NULL,
  name bytea NOT NULL,
  body bytea NOT NULL,
  PRIMARY KEY (thread, name));
ALTER TABLE journal ALTER COLUMN body SET STORAGE EXTERNAL;

CREATE TABLE approval(
  n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  thread bigint NOT NULL,
  env bytea NOT NULL,
  state int NOT NULL,
  body bytea NOT NULL,
  UNIQUE (thread, env));
ALTER TABLE approval ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE INDEX approval_open ON approval(state, n) WHERE state < 3;

CREATE TABLE timer(
  n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  thread bigint NOT NULL,
  kind int NOT NULL,
  name bytea NOT NULL,
  due bigint NOT NULL,
  body bytea NOT NULL,
  UNIQUE (thread, kind, name));
CREATE INDEX timer_due ON timer(due, n);

CREATE TABLE dead(
  thread bigint NOT NULL,
  pos bigint NOT NULL,
  frame int NOT NULL,
  at bigint NOT NULL,
  body bytea NOT NULL,
  PRIMARY KEY (thread, pos, frame));

CREATE TABLE audit(
  n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  thread bigint NOT NULL,
  at bigint NOT NULL,
  kind int NOT NULL,
  body bytea NOT NULL);
CREATE INDEX audit_thread ON audit(thread, n);

-- Statement by statement, so that what another transaction added while this one waited for the thread goes too.
CREATE FUNCTION destroy(an_agent bytea, a_thread bytea) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE number bigint;
BEGIN
  UPDATE thread t SET destroyed = true, version = version + 1 WHERE t.agent = an_agent AND t.thread = a_thread AND NOT destroyed RETURNING n INTO number;
  IF number IS NULL THEN
    RETURN false;
  END IF;
  DELETE FROM vault v WHERE v.thread = number;
  DELETE FROM timer m WHERE m.thread = number;
  DELETE FROM outbox o WHERE o.thread = number;
  RETURN true;
END $$;
