-- Locks what a batch will touch in the one order that all hubs keep: threads, then inbox rows, then state items, each by key.
CREATE FUNCTION agentflow.lock_rows(
  p_threads bytea[], p_inbox_shards smallint[], p_inbox_agents bytea[], p_inbox_threads bytea[], p_state_shards smallint[], p_state_kinds smallint[],
  p_state_keys bytea[]) RETURNS void LANGUAGE plpgsql
  SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  PERFORM FROM agentflow.thread WHERE id = ANY (p_threads) ORDER BY id FOR NO KEY UPDATE;
  PERFORM FROM unnest(p_inbox_shards, p_inbox_agents, p_inbox_threads) k(shard, agent, thread)
    JOIN agentflow.inbox i ON i.shard = k.shard AND i.agent = k.agent AND i.thread = k.thread ORDER BY i.agent, i.thread FOR NO KEY UPDATE OF i;
  PERFORM FROM unnest(p_state_shards, p_state_kinds, p_state_keys) k(shard, kind, key)
    JOIN agentflow.state s ON s.shard = k.shard AND s.kind = k.kind AND s.key = k.key ORDER BY s.kind, s.key FOR NO KEY UPDATE OF s;
END $$;

-- Commits of any operations, in order. p_last holds the place of the last operation of each. A commit of several operations can be undone alone.
CREATE FUNCTION agentflow.apply_commits(
  p_floor bigint, p_fixed boolean, p_last int[],
  p_kind smallint[], p_shard smallint[], p_id bytea[], p_agent bytea[], p_msg uuid[], p_hash bytea[], p_chain bytea[], p_n bigint[], p_exp bigint[],
  p_a int[], p_b int[], p_body bytea[])
  RETURNS TABLE(now bigint, status smallint, vals bigint[], current bigint, repeated boolean) LANGUAGE plpgsql
  SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  ops agentflow.op[];
  r agentflow.result;
  lo int := 1;
  hi int;
BEGIN
  now := agentflow.now(p_floor, p_fixed);
  SELECT array_agg(ROW(u.kind, u.shard, u.id, u.agent, u.msg, u.hash, u.chain, u.n, u.exp, u.a, u.b, u.body)::agentflow.op ORDER BY u.i) INTO ops
    FROM unnest(p_kind, p_shard, p_id, p_agent, p_msg, p_hash, p_chain, p_n, p_exp, p_a, p_b, p_body) WITH ORDINALITY
      u(kind, shard, id, agent, msg, hash, chain, n, exp, a, b, body, i);
  FOREACH hi IN ARRAY p_last LOOP
    status := 0;
    vals := '{}';
    current := 0;
    repeated := false;
    IF hi = lo THEN
      r := agentflow.apply_op(ops[lo], now);
      status := r.status;
      repeated := r.repeated;
      IF status = 0 THEN vals := ARRAY[r.value]; ELSE current := r.value; END IF;
    ELSE
      BEGIN
        FOR i IN lo..hi LOOP
          r := agentflow.apply_op(ops[i], now);
          IF r.repeated AND cardinality(vals) = 0 THEN
            repeated := true;
            vals := ARRAY[r.value];
            EXIT;
          ELSIF r.repeated OR r.status <> 0 THEN
            status := CASE WHEN r.repeated THEN 3 ELSE r.status END;
            current := r.value;
            RAISE EXCEPTION USING ERRCODE = 'AF001';
          END IF;
          -- 12 and 13 are fences: they are checked, and have no result.
          IF ops[i].kind < 12 THEN vals := vals || r.value; END IF;
        END LOOP;
      EXCEPTION WHEN SQLSTATE 'AF001' THEN
        vals := '{}';
      END;
    END IF;
    RETURN NEXT;
    lo := hi + 1;
  END LOOP;
END $$;

-- Commits of one append each, in order: as a set where every one of them can be applied, else one after the other.
CREATE FUNCTION agentflow.append(
  p_floor bigint, p_fixed boolean, p_shard smallint[], p_thread bytea[], p_msg uuid[], p_hash bytea[], p_chain bytea[], p_expect bigint[], p_exp bigint[],
  p_head int[], p_tail int[], p_body bytea[])
  RETURNS TABLE(now bigint, status smallint, vals bigint[], current bigint, repeated boolean) LANGUAGE plpgsql
  SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  v_seq bigint[];
  v_retain bigint[];
  v_good boolean;
  r agentflow.result;
BEGIN
  PERFORM FROM agentflow.thread WHERE id = ANY (p_thread) ORDER BY id FOR NO KEY UPDATE;
  now := agentflow.now(p_floor, p_fixed);
  SELECT array_agg(x.seq ORDER BY x.i), array_agg(x.retain_ms ORDER BY x.i),
         bool_and(x.seq IS NOT NULL AND NOT x.closed AND (x.expect IS NULL OR x.expect = x.seq - 1)) AND count(DISTINCT (x.thread, x.msg)) = count(*)
    INTO v_seq, v_retain, v_good
    FROM (SELECT u.i, u.thread, u.msg, u.expect, t.closed, t.retain_ms, t.head + row_number() OVER (PARTITION BY u.thread ORDER BY u.i) AS seq
          FROM unnest(p_thread, p_msg, p_expect) WITH ORDINALITY u(thread, msg, expect, i) LEFT JOIN agentflow.thread t ON t.id = u.thread) x;
  v_good := v_good AND NOT EXISTS (
    SELECT FROM unnest(p_shard, p_thread, p_msg) u(shard, thread, msg) JOIN agentflow.log l ON l.shard = u.shard AND l.thread = u.thread AND l.msg = u.msg);
  IF v_good THEN
    INSERT INTO agentflow.log(shard, thread, seq, msg, hash, chain, at, exp, keep_head, keep_tail, body)
      SELECT u.shard, u.thread, u.seq, u.msg, u.hash, u.chain, now,
        CASE WHEN u.exp = -1 THEN -1 ELSE least(u.exp, now + u.retain_ms) END, u.head, u.tail, u.body
      FROM unnest(p_shard, p_thread, v_seq, p_msg, p_hash, p_chain, p_exp, v_retain, p_head, p_tail, p_body)
        u(shard, thread, seq, msg, hash, chain, exp, retain_ms, head, tail, body);
    WITH heads AS (
      SELECT u.shard, u.thread, max(u.seq) AS seq FROM unnest(p_shard, p_thread, v_seq) u(shard, thread, seq) GROUP BY u.shard, u.thread),
    raised AS (
      UPDATE agentflow.thread t SET head = h.seq FROM heads h WHERE t.id = h.thread RETURNING h.shard, h.thread, h.seq, t.fan)
    INSERT INTO agentflow.outbox(shard, thread, seq) SELECT raised.shard, raised.thread, raised.seq FROM raised WHERE raised.fan = 0;
    RETURN QUERY SELECT now, 0::smallint, ARRAY[u.seq], 0::bigint, false FROM unnest(v_seq) WITH ORDINALITY u(seq, i) ORDER BY u.i;
    RETURN;
  END IF;
  FOR i IN 1..cardinality(p_thread) LOOP
    r := agentflow.op_append(
      ROW(1, p_shard[i], p_thread[i], NULL, p_msg[i], p_hash[i], p_chain[i], p_expect[i], p_exp[i], p_head[i], p_tail[i], p_body[i])::agentflow.op, now);
    status := r.status;
    repeated := r.repeated;
    vals := CASE WHEN r.status = 0 THEN ARRAY[r.value] ELSE '{}' END;
    current := CASE WHEN r.status = 0 THEN 0 ELSE r.value END;
    RETURN NEXT;
  END LOOP;
END $$;
