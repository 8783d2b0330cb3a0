-- A named thread: its lease, or who holds it. No name: the unread threads of the agent that nobody holds.
CREATE FUNCTION agentflow.claim_inbox(p_floor bigint, p_fixed boolean, p_owner uuid, p_ms bigint, p_max int, p_shard smallint, p_agent bytea, p_thread bytea)
  RETURNS TABLE(thread bytea, head bigint, owner uuid, token bigint, until bigint) LANGUAGE plpgsql
  SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
  v_now bigint := agentflow.now(p_floor, p_fixed);
BEGIN
  IF p_thread IS NOT NULL THEN
    INSERT INTO agentflow.inbox(shard, agent, thread, n, touched) SELECT p_shard, p_agent, t.id, t.n, v_now FROM agentflow.thread t WHERE t.id = p_thread
      ON CONFLICT (shard, agent, thread) DO NOTHING;
    UPDATE agentflow.inbox i SET
        lease_token = i.lease_token + CASE WHEN i.lease_owner IS NOT NULL AND i.lease_until > v_now THEN 0 ELSE 1 END,
        lease_owner = p_owner, lease_until = v_now + p_ms
      WHERE i.shard = p_shard AND i.agent = p_agent AND i.thread = p_thread AND (i.lease_owner IS NULL OR i.lease_until <= v_now OR i.lease_owner = p_owner);
    RETURN QUERY SELECT i.thread, i.head_seq, i.lease_owner, i.lease_token, i.lease_until FROM agentflow.inbox i
      WHERE i.shard = p_shard AND i.agent = p_agent AND i.thread = p_thread;
    RETURN;
  END IF;
  RETURN QUERY WITH free AS (
      SELECT i.thread FROM agentflow.inbox i
      WHERE i.shard = p_shard AND i.agent = p_agent AND i.head_seq > i.acked_seq AND (i.lease_owner IS NULL OR i.lease_until <= v_now)
      ORDER BY i.prio DESC, i.touched, i.n LIMIT p_max FOR NO KEY UPDATE SKIP LOCKED),
    taken AS (
      UPDATE agentflow.inbox i SET lease_token = i.lease_token + 1, lease_owner = p_owner, lease_until = v_now + p_ms
      FROM free WHERE i.shard = p_shard AND i.agent = p_agent AND i.thread = free.thread
      RETURNING i.thread, i.head_seq, i.lease_token, i.lease_until, i.prio, i.touched, i.n)
    SELECT taken.thread, taken.head_seq, p_owner, taken.lease_token, taken.lease_until FROM taken ORDER BY taken.prio DESC, taken.touched, taken.n;
END $$;

-- Work that nobody holds, or that its owner asks for again. All rows of one call share a token.
CREATE FUNCTION agentflow.claim_fan_out(p_floor bigint, p_fixed boolean, p_owner uuid, p_ms bigint, p_max int)
  RETURNS TABLE(token bigint, until bigint, thread bytea, seq bigint) LANGUAGE plpgsql
  SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
  v_now bigint := agentflow.now(p_floor, p_fixed);
  v_token bigint;
BEGIN
  -- An idle pump asks all the time: look before a token is drawn.
  PERFORM FROM agentflow.outbox o WHERE o.lease_until <= v_now OR o.owner = p_owner LIMIT 1;
  IF NOT FOUND THEN RETURN; END IF;
  v_token := nextval('agentflow.fan_out_token');
  RETURN QUERY WITH free AS (
      SELECT o.id FROM agentflow.outbox o WHERE o.lease_until <= v_now OR o.owner = p_owner ORDER BY o.id LIMIT p_max FOR NO KEY UPDATE SKIP LOCKED),
    taken AS (
      UPDATE agentflow.outbox o SET owner = p_owner, token = v_token, lease_until = v_now + p_ms FROM free WHERE o.id = free.id RETURNING o.thread, o.seq)
    SELECT v_token, v_now + p_ms, taken.thread, max(taken.seq) FROM taken GROUP BY taken.thread;
END $$;

-- Removes bodies that are hidden already, and state items that have expired. An expired item becomes a tombstone first.
CREATE FUNCTION agentflow.sweep(p_floor bigint, p_fixed boolean, p_max int, p_tombstone_ms bigint, OUT bodies int, OUT states int, OUT has_more boolean)
  LANGUAGE plpgsql
  SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  v_now bigint := agentflow.now(p_floor, p_fixed);
  v_left bigint := p_max;
  v_to bigint;
  v_count int;
  t record;
BEGIN
  WITH due AS (SELECT l.shard, l.thread, l.seq FROM agentflow.log l WHERE l.exp > 0 AND l.exp <= v_now LIMIT v_left FOR NO KEY UPDATE SKIP LOCKED)
    UPDATE agentflow.log l SET body = agentflow.cut(l.body, l.keep_head, l.keep_tail), hidden = true, exp = NULL
    FROM due WHERE l.shard = due.shard AND l.thread = due.thread AND l.seq = due.seq;
  GET DIAGNOSTICS bodies = ROW_COUNT;
  v_left := v_left - bodies;
  WHILE v_left > 0 LOOP
    SELECT id, shard, swept, first INTO t FROM agentflow.thread WHERE first > swept LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED;
    EXIT WHEN NOT FOUND;
    v_to := least(t.first, t.swept + v_left);
    UPDATE agentflow.log l SET body = agentflow.cut(l.body, l.keep_head, l.keep_tail), hidden = true, exp = NULL
      WHERE l.shard = t.shard AND l.thread = t.id AND l.seq >= t.swept AND l.seq < v_to AND NOT l.hidden AND coalesce(l.exp, 0) >= 0;
    GET DIAGNOSTICS v_count = ROW_COUNT;
    bodies := bodies + v_count;
    UPDATE agentflow.thread SET swept = v_to WHERE id = t.id;
    v_left := v_left - (v_to - t.swept);
  END LOOP;

  WITH due AS (SELECT s.shard, s.kind, s.key FROM agentflow.state s WHERE s.exp <= v_now AND s.v IS NULL LIMIT v_left FOR NO KEY UPDATE SKIP LOCKED)
    DELETE FROM agentflow.state s USING due WHERE s.shard = due.shard AND s.kind = due.kind AND s.key = due.key;
  GET DIAGNOSTICS states = ROW_COUNT;
  WITH due AS (
    SELECT s.shard, s.kind, s.key FROM agentflow.state s WHERE s.exp <= v_now AND s.v IS NOT NULL
      LIMIT greatest(0, v_left - states) FOR NO KEY UPDATE SKIP LOCKED)
    UPDATE agentflow.state s SET v = NULL, ver = s.ver + 1, exp = v_now + p_tombstone_ms
    FROM due WHERE s.shard = due.shard AND s.kind = due.kind AND s.key = due.key;
  GET DIAGNOSTICS v_count = ROW_COUNT;
  states := states + v_count;
  has_more := v_left - states <= 0;
  -- After a restart or a move to a server whose clock is behind, no hub goes on with a time before this one.
  UPDATE agentflow.meta SET clock = greatest(clock, v_now);
END $$;
