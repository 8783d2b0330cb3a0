-- One operation of a commit, and how it ended. The meaning of n, a and b depends on the kind; the client writes them beside each other in the same order.
CREATE TYPE agentflow.op AS (
  kind smallint, shard smallint, id bytea, agent bytea, msg uuid, hash bytea, chain bytea, n bigint, exp bigint, a int, b int, body bytea);
CREATE TYPE agentflow.result AS (status smallint, value bigint, repeated boolean);

-- The time of the database, never less than what the caller has seen. With a fixed clock the caller's time counts: that is for tests.
CREATE FUNCTION agentflow.now(p_floor bigint, p_fixed boolean) RETURNS bigint LANGUAGE sql VOLATILE
RETURN CASE WHEN p_fixed THEN p_floor ELSE greatest(p_floor, (extract(epoch FROM clock_timestamp()) * 1000)::bigint) END;

-- What is left of a body that expired or was trimmed: its first and last bytes, joined.
CREATE FUNCTION agentflow.cut(p_body bytea, p_head int, p_tail int) RETURNS bytea LANGUAGE sql IMMUTABLE
RETURN CASE WHEN p_head + p_tail >= octet_length(p_body) THEN p_body
  ELSE substring(p_body FROM 1 FOR p_head) || substring(p_body FROM octet_length(p_body) - p_tail + 1) END;

CREATE FUNCTION agentflow.op_append(o agentflow.op, p_now bigint) RETURNS agentflow.result LANGUAGE plpgsql AS $$
DECLARE
  t agentflow.thread;
  d record;
BEGIN
  SELECT * INTO t FROM agentflow.thread WHERE id = o.id FOR NO KEY UPDATE;
  IF NOT FOUND THEN RETURN ROW(13, 0, false)::agentflow.result; END IF;
  SELECT seq, hash INTO d FROM agentflow.log WHERE shard = o.shard AND thread = o.id AND msg = o.msg;
  IF FOUND THEN
    IF d.hash = o.hash THEN RETURN ROW(0, d.seq, true)::agentflow.result; END IF;
    RETURN ROW(4, d.seq, false)::agentflow.result;
  END IF;
  IF t.closed THEN RETURN ROW(11, 0, false)::agentflow.result; END IF;
  IF o.n <> t.head THEN RETURN ROW(3, t.head, false)::agentflow.result; END IF;
  INSERT INTO agentflow.log(shard, thread, seq, msg, hash, chain, at, exp, keep_head, keep_tail, body)
    VALUES (o.shard, o.id, t.head + 1, o.msg, o.hash, o.chain, p_now,
      CASE WHEN o.exp = -1 THEN -1 ELSE least(o.exp, p_now + t.retain_ms) END, o.a, o.b, o.body);
  UPDATE agentflow.thread SET head = t.head + 1 WHERE id = o.id;
  IF t.fan = 0 THEN
    INSERT INTO agentflow.outbox(shard, thread, seq) VALUES (o.shard, o.id, t.head + 1);
  END IF;
  RETURN ROW(0, t.head + 1, false)::agentflow.result;
END $$;

-- Create, SetMembers, Close, Trim.
CREATE FUNCTION agentflow.op_thread(o agentflow.op) RETURNS agentflow.result LANGUAGE plpgsql AS $$
DECLARE
  t agentflow.thread;
BEGIN
  IF o.kind = 6 THEN
    INSERT INTO agentflow.thread(id, shard, kind, fan, retain_ms) VALUES (o.id, o.shard, o.a, o.b, o.n) ON CONFLICT (id) DO NOTHING;
    IF FOUND THEN RETURN ROW(0, 0, false)::agentflow.result; END IF;
  END IF;
  SELECT * INTO t FROM agentflow.thread WHERE id = o.id FOR NO KEY UPDATE;
  IF NOT FOUND THEN RETURN ROW(13, 0, false)::agentflow.result; END IF;
  IF o.kind = 6 THEN
    RETURN ROW(3, t.head, false)::agentflow.result;
  ELSIF o.kind = 7 THEN
    PERFORM agentflow.set_members(o.shard, o.id, o.body);
    UPDATE agentflow.thread SET members_ver = members_ver + 1 WHERE id = o.id;
    RETURN ROW(0, t.members_ver + 1, false)::agentflow.result;
  ELSIF o.kind = 8 THEN
    UPDATE agentflow.thread SET closed = true WHERE id = o.id;
    RETURN ROW(0, 0, false)::agentflow.result;
  END IF;
  t.first := greatest(t.first, least(o.n, t.head + 1));
  UPDATE agentflow.thread SET first = t.first WHERE id = o.id;
  RETURN ROW(0, t.first, false)::agentflow.result;
END $$;

-- The list is 42 bytes a member: agent, role, first position, big-endian. A member that stays keeps its first position.
CREATE FUNCTION agentflow.set_members(p_shard smallint, p_thread bytea, p_list bytea) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  kept jsonb;
BEGIN
  SELECT coalesce(jsonb_object_agg(encode(agent, 'hex'), from_seq), '{}') INTO kept FROM agentflow.member WHERE shard = p_shard AND thread = p_thread;
  DELETE FROM agentflow.member WHERE shard = p_shard AND thread = p_thread;
  INSERT INTO agentflow.member(shard, thread, agent, role, from_seq)
    SELECT p_shard, p_thread, m.agent, m.role, coalesce((kept ->> encode(m.agent, 'hex'))::bigint, m.from_seq)
    FROM (SELECT substring(p_list FROM i + 1 FOR 32) AS agent,
                 ('x' || encode(substring(p_list FROM i + 33 FOR 2), 'hex'))::bit(16)::int::smallint AS role,
                 ('x' || encode(substring(p_list FROM i + 35 FOR 8), 'hex'))::bit(64)::bigint AS from_seq
          FROM generate_series(0, octet_length(p_list) - 42, 42) i) m;
END $$;

-- NoteInbox, Ack, Complete and the fence of an inbox claim.
CREATE FUNCTION agentflow.op_inbox(o agentflow.op, p_now bigint) RETURNS agentflow.result LANGUAGE plpgsql AS $$
DECLARE
  v_n bigint;
  v_value bigint;
BEGIN
  IF o.kind IN (10, 12) THEN
    PERFORM FROM agentflow.inbox WHERE shard = o.shard AND agent = o.agent AND thread = o.id
      AND lease_token = o.n AND lease_owner IS NOT NULL FOR NO KEY UPDATE;
    IF NOT FOUND THEN RETURN ROW(8, 0, false)::agentflow.result; END IF;
    IF o.kind = 10 THEN
      UPDATE agentflow.inbox SET lease_owner = NULL, lease_until = 0 WHERE shard = o.shard AND agent = o.agent AND thread = o.id;
    END IF;
    RETURN ROW(0, 0, false)::agentflow.result;
  END IF;
  SELECT n INTO v_n FROM agentflow.thread WHERE id = o.id;
  IF NOT FOUND THEN RETURN ROW(13, 0, false)::agentflow.result; END IF;
  IF o.kind = 2 THEN
    INSERT INTO agentflow.inbox AS i (shard, agent, thread, n, head_seq, prio, touched) VALUES (o.shard, o.agent, o.id, v_n, o.n, o.a, p_now)
      ON CONFLICT (shard, agent, thread) DO UPDATE SET
        touched = CASE WHEN i.head_seq > i.acked_seq THEN i.touched ELSE excluded.touched END,
        prio = CASE WHEN i.head_seq > i.acked_seq THEN greatest(i.prio, excluded.prio) ELSE excluded.prio END,
        head_seq = greatest(i.head_seq, excluded.head_seq)
      RETURNING i.head_seq INTO v_value;
  ELSE
    INSERT INTO agentflow.inbox AS i (shard, agent, thread, n, acked_seq, touched) VALUES (o.shard, o.agent, o.id, v_n, o.n, p_now)
      ON CONFLICT (shard, agent, thread) DO UPDATE SET acked_seq = greatest(i.acked_seq, excluded.acked_seq)
      RETURNING i.acked_seq INTO v_value;
  END IF;
  RETURN ROW(0, v_value, false)::agentflow.result;
END $$;

-- Put and Del. A deleted key leaves a tombstone (NULL), so that its versions are not used again.
CREATE FUNCTION agentflow.op_state(o agentflow.op, p_now bigint) RETURNS agentflow.result LANGUAGE plpgsql AS $$
DECLARE
  v_ver bigint;
  v_live boolean;
  v_found boolean;
BEGIN
  LOOP
    SELECT ver, v IS NOT NULL AND (exp IS NULL OR exp > p_now) INTO v_ver, v_live
      FROM agentflow.state WHERE shard = o.shard AND kind = o.a AND key = o.id FOR NO KEY UPDATE;
    v_found := FOUND;
    v_live := v_found AND v_live;
    IF NOT (o.n = -1 OR (o.n = 0 AND NOT v_live) OR (v_live AND v_ver = o.n)) THEN
      RETURN ROW(3, CASE WHEN v_live THEN v_ver ELSE 0 END, false)::agentflow.result;
    END IF;
    IF o.kind = 5 THEN
      IF NOT v_live THEN RETURN ROW(0, 0, false)::agentflow.result; END IF;
      UPDATE agentflow.state SET ver = v_ver + 1, exp = p_now + 2592000000, v = NULL WHERE shard = o.shard AND kind = o.a AND key = o.id;
      RETURN ROW(0, v_ver + 1, false)::agentflow.result;
    ELSIF v_found THEN
      UPDATE agentflow.state SET ver = v_ver + 1, exp = o.exp, v = o.body WHERE shard = o.shard AND kind = o.a AND key = o.id;
      RETURN ROW(0, v_ver + 1, false)::agentflow.result;
    END IF;
    INSERT INTO agentflow.state(shard, kind, key, ver, exp, v) VALUES (o.shard, o.a, o.id, 1, o.exp, o.body) ON CONFLICT (shard, kind, key) DO NOTHING;
    IF FOUND THEN RETURN ROW(0, 1, false)::agentflow.result; END IF;
    -- Another hub wrote the key since it was looked for: look again.
  END LOOP;
END $$;

CREATE FUNCTION agentflow.op_fan_out(o agentflow.op) RETURNS agentflow.result LANGUAGE plpgsql AS $$
BEGIN
  IF o.kind = 11 THEN
    DELETE FROM agentflow.outbox WHERE token = o.n AND token > 0;
  ELSE
    PERFORM FROM agentflow.outbox WHERE token = o.n AND token > 0 FOR NO KEY UPDATE;
  END IF;
  RETURN ROW(CASE WHEN FOUND THEN 0 ELSE 8 END, 0, false)::agentflow.result;
END $$;

CREATE FUNCTION agentflow.apply_op(o agentflow.op, p_now bigint) RETURNS agentflow.result LANGUAGE plpgsql AS $$
BEGIN
  CASE o.kind
    WHEN 1 THEN RETURN agentflow.op_append(o, p_now);
    WHEN 2, 3, 10, 12 THEN RETURN agentflow.op_inbox(o, p_now);
    WHEN 4, 5 THEN RETURN agentflow.op_state(o, p_now);
    WHEN 6, 7, 8, 9 THEN RETURN agentflow.op_thread(o);
    WHEN 11, 13 THEN RETURN agentflow.op_fan_out(o);
  END CASE;
END $$;
