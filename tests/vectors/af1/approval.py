"""Approval statement, claim and effect key."""

from . import ed25519, frames
from .hashing import H, label
from .wire import Reader, i64, require, sized, u8, u64

YES, NO, ABSTAIN, WITHDRAW = 1, 2, 3, 4
SIZE = 320


def reason_hash(reason):
    return H("AF1 reason", reason) if reason else bytes(32)


class Statement:
    FIELDS = ("decision", "rule_id", "quorum", "thread", "request_e", "subject", "approver", "key", "log_head",
              "issued", "expires", "thread_seq", "thread_hash", "reason_hash", "nonce")

    def __init__(self, **fields):
        assert set(fields) == set(self.FIELDS)
        self.__dict__.update(fields)

    def bytes(self):
        return sized(label("AF1 approval") + u8(1) + u8(self.decision) + u8(self.rule_id) + u8(self.quorum) + bytes(4)
                     + sized(self.thread, 32) + sized(self.request_e, 32) + sized(self.subject, 32)
                     + sized(self.approver, 32) + sized(self.key, 32) + sized(self.log_head, 32)
                     + i64(self.issued) + i64(self.expires) + u64(self.thread_seq) + sized(self.thread_hash, 32)
                     + sized(self.reason_hash, 32) + sized(self.nonce, 16), SIZE)

    def sign(self, seed):
        return ed25519.sign_raw(seed, self.bytes())


def parse(raw):
    require(len(raw) == SIZE, "a statement has 320 bytes")
    reader = Reader(raw)
    require(reader.take(16) == label("AF1 approval") and reader.u8() == 1, "label or version of a statement")
    decision, rule_id, quorum = reader.u8(), reader.u8(), reader.u8()
    require(decision in (YES, NO, ABSTAIN, WITHDRAW), "decision of a statement")
    reader.zero(4)
    hashes = [reader.take(32) for _ in range(6)]
    issued, expires, thread_seq = reader.i64(), reader.i64(), reader.u64()
    return Statement(decision=decision, rule_id=rule_id, quorum=quorum, thread=hashes[0], request_e=hashes[1],
                     subject=hashes[2], approver=hashes[3], key=hashes[4], log_head=hashes[5], issued=issued,
                     expires=expires, thread_seq=thread_seq, thread_hash=reader.take(32),
                     reason_hash=reader.take(32), nonce=reader.take(16))


def payload(statement_bytes, signature, reason=b""):
    return statement_bytes + signature + reason


def frame(statement_bytes, signature, reason=b"", correlation=bytes(16)):
    return frames.builtin("agentflow.approval", payload(statement_bytes, signature, reason), correlation)


def claim_frame(request_e, correlation=bytes(16)):
    return frames.builtin("agentflow.claim", sized(request_e, 32), correlation)


def effect_key(request_e):
    return H("AF1 effect", request_e)[:16]
