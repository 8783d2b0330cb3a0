-- Times are Unix milliseconds by the clock of the database. Every row carries the logical shard of its key, so that shards can move to other servers.
CREATE TABLE agentflow.meta(
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  store_id uuid NOT NULL DEFAULT gen_random_uuid(),
  epoch bigint NOT NULL DEFAULT 0,
  clock bigint NOT NULL DEFAULT 0);
INSERT INTO agentflow.meta DEFAULT VALUES;

-- The row of a thread is its counter: it stays locked until the commit, so positions are dense. Half of each page is left free for updates in place.
CREATE TABLE agentflow.thread(
  id bytea PRIMARY KEY CHECK (octet_length(id) = 32),
  shard smallint NOT NULL,
  n bigint GENERATED ALWAYS AS IDENTITY,
  kind smallint NOT NULL,
  head bigint NOT NULL DEFAULT 0,
  first bigint NOT NULL DEFAULT 1,
  swept bigint NOT NULL DEFAULT 1,
  members_ver bigint NOT NULL DEFAULT 0,
  fan smallint NOT NULL DEFAULT 0,
  retain_ms bigint,
  closed boolean NOT NULL DEFAULT false) WITH (fillfactor = 50);
CREATE INDEX thread_trim ON agentflow.thread(id) WHERE first > swept;

-- exp: NULL never, -1 not even by a trim. Rows stay for ever (a hidden body keeps its ends), so the key on msg is the memory for repetitions.
CREATE TABLE agentflow.log(
  shard smallint NOT NULL,
  thread bytea NOT NULL,
  seq bigint NOT NULL,
  msg uuid NOT NULL,
  hash bytea NOT NULL,
  chain bytea NOT NULL,
  at bigint NOT NULL,
  exp bigint,
  keep_head int NOT NULL,
  keep_tail int NOT NULL,
  hidden boolean NOT NULL DEFAULT false,
  body bytea NOT NULL,
  PRIMARY KEY (shard, thread, seq),
  CONSTRAINT log_msg UNIQUE (shard, thread, msg)) PARTITION BY RANGE (shard);
ALTER TABLE agentflow.log ALTER COLUMN body SET STORAGE EXTERNAL;
DO $$
BEGIN
  FOR i IN 0..15 LOOP
    EXECUTE format('CREATE TABLE agentflow.log_%s PARTITION OF agentflow.log FOR VALUES FROM (%s) TO (%s)', to_char(i, 'FM00'), i * 256, i * 256 + 256);
  END LOOP;
END $$;
CREATE INDEX log_exp ON agentflow.log(exp) WHERE exp > 0;

CREATE TABLE agentflow.member(
  shard smallint NOT NULL,
  thread bytea NOT NULL,
  agent bytea NOT NULL,
  role smallint NOT NULL,
  from_seq bigint NOT NULL,
  PRIMARY KEY (shard, thread, agent));

CREATE TABLE agentflow.inbox(
  shard smallint NOT NULL,
  agent bytea NOT NULL,
  thread bytea NOT NULL,
  n bigint NOT NULL,
  head_seq bigint NOT NULL DEFAULT 0,
  acked_seq bigint NOT NULL DEFAULT 0,
  prio smallint NOT NULL DEFAULT 0,
  touched bigint NOT NULL,
  lease_owner uuid,
  lease_token bigint NOT NULL DEFAULT 0,
  lease_until bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (shard, agent, thread)) WITH (fillfactor = 70);
CREATE INDEX inbox_unread ON agentflow.inbox(shard, agent, prio DESC, touched, n) WHERE head_seq > acked_seq;
CREATE INDEX inbox_read ON agentflow.inbox(shard, agent, n) WHERE head_seq <= acked_seq;

CREATE TABLE agentflow.state(
  shard smallint NOT NULL,
  kind smallint NOT NULL,
  key bytea NOT NULL,
  ver bigint NOT NULL,
  exp bigint,
  v bytea,
  PRIMARY KEY (shard, kind, key));
CREATE INDEX state_exp ON agentflow.state(exp) WHERE exp IS NOT NULL;

-- What the members of a thread have not been told yet. Its id is only an id: rows are claimed by lease, never followed by position.
CREATE TABLE agentflow.outbox(
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  shard smallint NOT NULL,
  thread bytea NOT NULL,
  seq bigint NOT NULL,
  owner uuid,
  token bigint NOT NULL DEFAULT 0,
  lease_until bigint NOT NULL DEFAULT 0)
  WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);
CREATE INDEX outbox_token ON agentflow.outbox(token) WHERE token > 0;
CREATE SEQUENCE agentflow.fan_out_token;

CREATE TABLE agentflow.blob(
  shard smallint NOT NULL,
  id bytea NOT NULL,
  at bigint NOT NULL,
  v bytea NOT NULL,
  PRIMARY KEY (shard, id));
ALTER TABLE agentflow.blob ALTER COLUMN v SET STORAGE EXTERNAL;
