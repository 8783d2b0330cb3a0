"""Proof file (.afproof): writing, reading, and the offline verdict of an auditor."""

from . import approval, ed25519, envelope, frames
from .identity import APPROVE
from .identity_log import IdentityLog
from .public_thread import PublicThread, read_cut_commit
from .wire import Malformed, Reader, require, u16, u32, u64

LOG, COMMITS, REQUEST, APPROVAL, RUN = 1, 2, 3, 4, 5
MAGIC = b"AFPR\x01\0\0\0"


def section(kind, content):
    return u16(kind) + u32(len(content)) + content


def commits_section(commits):
    """commits: (header 192, body up to and including wrapsHash, trailer)."""
    return section(COMMITS, b"".join(u32(len(h + b + t)) + h + b + t for h, b, t in commits))


def request_section(header, ctx, kc, padded, trailer):
    return section(REQUEST, header + ctx + kc + u32(len(padded)) + padded + trailer)


def approval_section(statement, signature, position):
    return section(APPROVAL, statement + signature + u64(position))


def run_section(first, before, es):
    return section(RUN, u64(first) + before + b"".join(es))


def read_sections(raw):
    reader = Reader(raw)
    require(reader.take(8) == MAGIC, "magic or version of a proof file")
    out, last = {k: [] for k in (LOG, COMMITS, REQUEST, APPROVAL, RUN)}, 0
    while reader.left:
        kind = reader.u16()
        require(kind in out and kind >= last, "section types are known and ascend")
        out[kind].append(reader.take(reader.u32()))
        last = kind
    return out


class Verdict:
    def __init__(self):
        self.thread = self.creator = self.request_e = self.subject = None
        self.position = None
        self.votes, self.ignored, self.notes = [], [], []
        self.met = False


class ProofReader:
    """Verifies one proof file. Raises Malformed when something in it is false; what merely does not count is listed."""

    def __init__(self, raw, thread, creator=None):
        self.sections = read_sections(raw)
        self.verdict = Verdict()
        self._logs()
        self._commits(thread, creator)
        self._request()
        self._run()
        self._approvals()

    def _logs(self):
        self.logs = {}
        for raw in self.sections[LOG]:
            log = IdentityLog(raw)
            require(log.agent_id not in self.logs, "one log for each agent")
            self.logs[log.agent_id] = log

    def _commits(self, thread, creator):
        self.public = PublicThread(self.logs, thread)
        self.commit_es = []
        reader = Reader(b"".join(self.sections[COMMITS]))
        require(reader.left > 0, "a proof of an approval holds the Commits")
        while reader.left:
            genesis = self.public.epoch == 0
            header, body, trailer = read_cut_commit(reader.take(reader.u32()), genesis)
            e = self.public.check_signed(header, trailer, body)
            require(header.generation == 0 and header.nonce == bytes(12), "generation and nonce of a Commit are zero")
            if genesis:
                require(header.sender_seq == 1 and header.prev_own == bytes(32) and header.ack_seq == 0
                        and header.ack_hash == self.public.ctx[0], "links of the genesis Commit")
                require(creator in (None, body.creator.agent_id), "the expected creator made the thread")
                self.verdict.creator = body.creator.agent_id
            self.public.check_commit(header, body)
            self.public.advance_epoch(header, body)
            self.commit_es.append(e)
        self.verdict.thread = self.public.thread

    def _request(self):
        require(len(self.sections[REQUEST]) == 1, "one request")
        reader = Reader(self.sections[REQUEST][0])
        header = envelope.parse_header(reader.take(envelope.HEADER))
        ctx, kc, padded = reader.take(32), reader.take(32), reader.take(reader.u32())
        trailer = envelope.Trailer(reader, header.flags)
        reader.end()
        require(header.kind == envelope.APP and header.thread == self.public.thread, "an App envelope of this thread")
        require(1 <= header.epoch <= self.public.epoch and ctx == self.public.ctx[header.epoch], "ctx of the request")
        require(header.leaf in self.public.rosters[header.epoch], "leaf of the request")
        self.policy = self.public.policies[header.epoch]
        sender = self.public.rosters[header.epoch][header.leaf]
        require(header.suite == self.policy.suite and sender.role != 8, "suite or role of the request")
        e = envelope.digest(ctx, header.bytes())
        require(trailer.verify(sender.device, e), "signature of the request")
        require(header.body_len == len(padded) + 16, "bodyLen of the request")
        require(envelope.commitment(kc, ctx, header.first160(), padded) == header.commitment, "C of the request")
        parsed = frames.parse_plaintext(padded, bool(header.flags & envelope.MULTI), False)
        require(len(parsed) == 1 and frames.SALT in parsed[0].extensions, "a gated frame stands alone and has a salt")
        self.header, self.frame, self.requester = header, parsed[0], sender.agent_id
        self.verdict.request_e, self.verdict.subject = e, parsed[0].subject()

    def _run(self):
        """Sets T and the position of the request when section 5 is there."""
        self.T = {}
        require(len(self.sections[RUN]) <= 1, "at most one T run")
        if not self.sections[RUN]:
            return
        reader = Reader(self.sections[RUN][0])
        first = reader.u64()
        require(first >= 1 and (reader.left - 32) % 32 == 0, "shape of a T run")
        self.T[first - 1] = reader.take(32)
        es = [reader.take(32) for _ in range(reader.left // 32)]
        for i, e in enumerate(es):
            self.T[first + i] = envelope.thread_hash(self.T[first + i - 1], first + i, e)
        if first == 1:
            require(self.T[0] == self.public.ctx[0] and es[:1] == self.commit_es[:1], "the run starts at the genesis Commit")
        positions = [es.index(e) for e in self.commit_es if e in es]
        require(positions == sorted(positions), "Commits stand in their order")
        ack = self.header.ack_seq
        require(ack not in self.T or self.T[ack] == self.header.ack_hash, "the request acknowledges this thread")
        if self.verdict.request_e in es:
            self.verdict.position = first + es.index(self.verdict.request_e)

    def _approvals(self):
        votes, withdrawn = {}, set()
        items = [self._approval(raw) for raw in self.sections[APPROVAL]]
        for position, raw, signature in sorted(items, key=lambda i: i[0]):
            try:
                s = self._statement(raw, signature, position)
            except Malformed as why:
                self.verdict.ignored.append((position, str(why)))
                continue
            if s.decision == approval.WITHDRAW:
                withdrawn.add(s.approver)
            elif s.approver in votes:
                self.verdict.ignored.append((position, "not the first vote"))
            else:
                votes[s.approver] = (position, s)
        counted = {a: v for a, v in votes.items() if a not in withdrawn}
        self.verdict.votes = [(q, s) for q, s in counted.values()]
        self.verdict.met = self._is_met([s for _, s in counted.values()])
        if self.verdict.position is None:
            self.verdict.notes.append("thread order is not shown: no section 5 covers the request")

    @staticmethod
    def _approval(raw):
        reader = Reader(raw)
        out = reader.take(320), reader.take(64), reader.u64()
        reader.end()
        return out[2], out[0], out[1]

    def _statement(self, raw, signature, q):
        s, v = approval.parse(raw), self.verdict
        require(ed25519.verify_raw(s.key, signature, raw), "signature of the statement")
        require(s.thread == v.thread and s.request_e == v.request_e and s.subject == v.subject, "the statement names this request")
        if s.decision != approval.WITHDRAW:
            self._rule_of(s)
        require(s.approver != self.requester, "nobody approves the own request")
        self._key_of(s)
        require(s.thread_seq < q and (v.position is None or v.position <= s.thread_seq), "threadSeq lies between request and statement")
        require(s.thread_seq not in self.T or self.T[s.thread_seq] == s.thread_hash, "the statement names this thread's T")
        return s

    def _rule_of(self, s):
        policies = (self.policy, self.public.policy)
        rules = [p.rule(self.frame.contract_id, self.frame.major, s.rule_id) for p in policies]
        require(all(r is not None and s.approver in r.approvers for r in rules), "the approver is listed in the rule")
        require(s.quorum == rules[0].quorum, "quorum of the rule")
        if s.decision == approval.YES:
            require(s.issued < s.expires <= s.issued + 1000 * min(r.max_lifetime for r in rules), "lifetime of the statement")

    def _key_of(self, s):
        log = self.logs.get(s.approver)
        require(log is not None and s.log_head in log.heads, "identity log of the approver")
        key = log.key_at(log.heads.index(s.log_head), s.key)
        require(key is not None and key.usage == APPROVE, "approver key of usage 2 at its head")
        require(key.not_after == 0 or key.not_after >= s.expires, "notAfter of the approver key")
        for members in self.public.rosters:
            heads = [e.log_seq for e in members.values() if e.agent_id == s.approver]
            require(not any(log.revoked_at(seq, s.key) for seq in heads), "a Commit shows the approver key revoked")
        if log.revoked_at(log.head_seq, s.key):
            self.verdict.notes.append(f"an approver key was revoked later, at entry {key.revoked}")

    def _is_met(self, votes):
        rules = self.public.policy.rules_for(self.frame.contract_id, self.frame.major)
        refused = any(s.decision == approval.NO and any(
            p.rule(self.frame.contract_id, self.frame.major, s.rule_id).deny_ends for p in (self.policy, self.public.policy))
            for s in votes)
        if not rules or refused:
            return False
        for rule in rules:
            then = self.policy.rule(self.frame.contract_id, self.frame.major, rule.rule_id)
            yes = sum(s.decision == approval.YES and s.rule_id == rule.rule_id for s in votes)
            if then is None or yes < max(rule.quorum, then.quorum):
                return False
        return True


def verify(raw, thread, creator=None):
    """thread and creator are what the auditor already knows. Returns a Verdict or raises Malformed."""
    return ProofReader(raw, thread, creator).verdict
