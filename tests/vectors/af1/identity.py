"""Identity log: entries are built here; identity_log.py reads and verifies them."""

from . import ed25519
from .hashing import H
from .wire import i64, sized, u8, u16, u32

GENESIS, ROTATE_ROOT, ADD_KEY, REVOKE_KEY, RECOVER = range(5)
DEVICE, APPROVE, ADMIN = 1, 2, 4
HEADER, SIGNATURE = 52, 64


def next_root_hash(public):
    return H("AF1 next", public)


def recovery_hash(public):
    return H("AF1 recover", public)


def entry_hash(unsigned):
    return H("AF1 idlog", unsigned)


class LogWriter:
    """Appends entries. Keys are given as Ed25519 seeds; nothing is checked here, so that bad logs can be made too."""

    def __init__(self):
        self.entries = []
        self.unsigned = []

    def _append(self, kind, time, body, signers):
        prev = entry_hash(self.unsigned[-1]) if self.unsigned else bytes(32)
        header = (b"AI" + u8(1) + u8(kind) + u32(len(self.entries)) + prev + i64(time)
                  + u16(len(body)) + u8(len(signers)) + u8(0))
        unsigned = sized(header, HEADER) + body
        digest = entry_hash(unsigned)
        self.unsigned.append(unsigned)
        self.entries.append(unsigned + b"".join(ed25519.sign(s, "AF1 sig id", digest) for s in signers))
        return self

    def genesis(self, time, name, root, next_root, recovery=None):
        recover = recovery_hash(ed25519.public(recovery)) if recovery else bytes(32)
        raw = name.encode()
        body = ed25519.public(root) + next_root_hash(ed25519.public(next_root)) + recover + u8(len(raw)) + raw
        return self._append(GENESIS, time, body, [root])

    def rotate_root(self, time, old, new, next_root, recovery, keep_through):
        recover = recovery_hash(ed25519.public(recovery)) if recovery else bytes(32)
        body = ed25519.public(new) + next_root_hash(ed25519.public(next_root)) + recover + u32(keep_through)
        return self._append(ROTATE_ROOT, time, body, [old, new])

    def add_key(self, time, key, usage, signer, not_after=0):
        body = ed25519.public(key) + u16(usage) + u16(0) + i64(not_after) + ed25519.public(signer)
        return self._append(ADD_KEY, time, body, [signer, key])

    def revoke_key(self, time, key, signer, reason=0, suspected_since=0):
        body = ed25519.public(key) + u8(reason) + i64(suspected_since) + ed25519.public(signer)
        return self._append(REVOKE_KEY, time, body, [signer])

    def recover(self, time, new, next_root, recovery, new_recovery, keep_through):
        new_hash = recovery_hash(ed25519.public(new_recovery)) if new_recovery else bytes(32)
        body = (ed25519.public(new) + next_root_hash(ed25519.public(next_root)) + ed25519.public(recovery)
                + new_hash + u32(keep_through))
        return self._append(RECOVER, time, body, [recovery, new])

    @property
    def bytes(self):
        return b"".join(self.entries)

    @property
    def head(self):
        return entry_hash(self.unsigned[-1])

    @property
    def head_seq(self):
        return len(self.entries) - 1

    @property
    def agent_id(self):
        return H("AF1 agent", self.unsigned[0])
