"""A whole proof file of the approval thread, and proof files that must not convince anybody."""

from af1 import commit, proof, text
from af1.wire import Malformed, Reader

from .approvals import ApprovalThread


def _cut(record):
    body = commit.Body(Reader(record["body"]), genesis=True, cut=True)
    return record["header"], body.committed, record["trailer"]


def parts(t):
    request, carried, made = t.request, *t.yes
    return {
        "logs": [proof.section(proof.LOG, a.log.bytes) for a in sorted((t.build, t.deploy, *t.managers), key=lambda a: a.agent_id)],
        "commits": proof.commits_section([_cut(t.genesis)]),
        "request": proof.request_section(request["header"], request["ctx"], request["kc"], request["plaintext"], request["trailer"]),
        "approvals": [proof.approval_section(made["statement"], made["signature"], carried["position"])],
        "run": proof.run_section(1, t.writer.public.T[0], t.writer.public.E[1:]),
    }


def assemble(p):
    return proof.MAGIC + b"".join(p["logs"]) + p["commits"] + p["request"] + b"".join(p["approvals"]) + p["run"]


def _flip(raw, at):
    return raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1:]


def _refused(t, p):
    good = assemble(p)
    header, body, trailer = _cut(t.genesis)
    es = t.writer.public.E[1:]
    cases = [
        ("magic", _flip(good, 0)),
        ("version", _flip(good, 4)),
        ("reserved byte", _flip(good, 5)),
        ("cut by one byte", good[:-1]),
        ("a byte too many", good + b"\0"),
        ("sections out of order", proof.MAGIC + p["commits"] + b"".join(p["logs"]) + p["request"] + p["run"]),
        ("an identity log is changed", assemble(p | {"logs": [_flip(p["logs"][0], 200), *p["logs"][1:]]})),
        ("a member's identity log is missing", assemble(p | {"logs": p["logs"][1:]})),
        ("no Commits", assemble(p | {"commits": b""})),
        ("the policy in the Commit is changed",
         assemble(p | {"commits": proof.commits_section([(header, _flip(body, 32 + 136 + 4 + 4), trailer)])})),
        ("signature of the Commit", assemble(p | {"commits": proof.commits_section([(header, body, _flip(trailer, 40))])})),
        ("signature of the request", assemble(p | {"request": _flip(p["request"], len(p["request"]) - 30)})),
        ("one byte of the request's payload", assemble(p | {"request": _flip(p["request"], 6 + 192 + 32 + 32 + 4 + 1 + 80 + 60)})),
        ("Kc", assemble(p | {"request": _flip(p["request"], 6 + 192 + 32)})),
        ("ctx of the request", assemble(p | {"request": _flip(p["request"], 6 + 192)})),
        ("the T run leaves out an envelope", assemble(p | {"run": proof.run_section(1, t.writer.public.T[0], [es[1], *es[2:]])})),
        ("the T run starts elsewhere", assemble(p | {"run": proof.run_section(1, bytes(32), es)})),
    ]
    for name, raw in cases:
        try:
            proof.verify(raw, t.writer.thread)
        except Malformed:
            continue
        raise AssertionError(f"accepted: {name}")
    return [{"name": n, "file": raw} for n, raw in cases]


def _not_met(t, p):
    """True files whose statements do not approve the request."""
    carried, made = t.yes
    bad_signature = _flip(made["signature"], 40)
    cases = [("no statement", []),
             ("the statement's signature is wrong", [proof.approval_section(made["statement"], bad_signature, carried["position"])]),
             ("a withdrawal by the same person", p["approvals"] + [_statement_section(t, "withdraw", 0, 4, 6)]),
             ("a no by the other person, and denyEnds", p["approvals"] + [_statement_section(t, "no", 1, 2, 6)]),
             ("the statement stands before the thread hash that it names",
              [proof.approval_section(made["statement"], made["signature"], made["threadSeq"])])]
    out = []
    for name, sections in cases:
        raw = assemble(p | {"approvals": sections})
        assert not proof.verify(raw, t.writer.thread).met, name
        out.append({"name": name, "file": raw})
    return out


def _statement_section(t, name, manager, decision, position):
    made = t.statement(f"proof {name}", manager, decision, seq=3)
    return proof.approval_section(made["statement"], made["signature"], position)


def make():
    t = ApprovalThread()
    p = parts(t)
    raw = assemble(p)
    verdict = proof.verify(raw, t.writer.thread, t.build.agent_id)
    assert verdict.met and verdict.position == 2 and len(verdict.votes) == 1 and not verdict.notes
    without_run = assemble(p | {"run": b""})
    assert proof.verify(without_run, t.writer.thread).met
    return {"proof": {
        "threadId": t.writer.thread, "threadText": text.thread_text(t.writer.thread), "creator": t.build.agent_id,
        "requestE": t.request["E"], "subject": t.subject, "requestPosition": 2, "file": raw, "withoutRun": without_run,
        "sections": [{"type": k, "bytes": b} for k, bs in proof.read_sections(raw).items() for b in bs],
        "es": t.writer.public.E[1:], "notMet": _not_met(t, p), "refused": _refused(t, p)}}
