"""Reads and verifies an identity log of joined entries, and answers what a key was worth at a head."""

from . import ed25519, identity
from .hashing import H
from .identity import ADD_KEY, ADMIN, APPROVE, DEVICE, GENESIS, RECOVER, REVOKE_KEY, ROTATE_ROOT
from .wire import Reader, is_text, require

SIGNERS = {GENESIS: 1, ROTATE_ROOT: 2, ADD_KEY: 2, REVOKE_KEY: 1, RECOVER: 2}


class Key:
    def __init__(self, seq, usage, not_after):
        self.added, self.usage, self.not_after = seq, usage, not_after
        self.revoked = None


class IdentityLog:
    """A verified log. Raises Malformed when any entry breaks a rule."""

    def __init__(self, joined):
        self.heads, self.keys, self.roots = [], {}, []
        self.next = self.recovery = self.agent_id = None
        self.name = ""
        reader = Reader(joined)
        require(reader.left > 0, "an identity log has at least its genesis entry")
        while reader.left:
            self._entry(reader)
        self.bytes = bytes(joined)

    @property
    def head_seq(self):
        return len(self.heads) - 1

    def seq_of(self, seq, head):
        """True when the log has this head at this sequence number."""
        return seq < len(self.heads) and self.heads[seq] == head

    def key_at(self, seq, public):
        """The key as of entry seq when it was added by then and not yet revoked, else None."""
        key = self.keys.get(public)
        if key is None or key.added > seq or (key.revoked is not None and key.revoked <= seq):
            return None
        return key

    def revoked_at(self, seq, public):
        key = self.keys.get(public)
        return key is not None and key.revoked is not None and key.revoked <= seq

    def _entry(self, reader):
        start = reader.at
        seq = len(self.heads)
        require(reader.take(2) == b"AI" and reader.u8() == 1, "magic or version of an entry")
        kind = reader.u8()
        require(kind in SIGNERS and (kind == GENESIS) == (seq == 0), "type of an entry")
        require(reader.u32() == seq, "sequence numbers have no gap")
        require(reader.take(32) == (self.heads[-1] if self.heads else bytes(32)), "prev names the entry before")
        reader.i64()
        body_len, sig_count = reader.u16(), reader.u8()
        reader.zero(1)
        require(sig_count == SIGNERS[kind], "number of signatures")
        body = Reader(reader.take(body_len))
        unsigned = reader.data[start:reader.at]
        digest = identity.entry_hash(unsigned)
        if seq == 0:
            self.agent_id = H("AF1 agent", unsigned)
        handler = {GENESIS: self._genesis, ROTATE_ROOT: self._rotate, ADD_KEY: self._add,
                   REVOKE_KEY: self._revoke, RECOVER: self._recover}[kind]
        signers, change = handler(seq, body)
        body.end()
        for signer in signers:
            require(ed25519.verify(signer, reader.take(64), "AF1 sig id", digest), "signature of an entry")
        change()
        self.heads.append(digest)

    def _genesis(self, seq, body):
        root, next_root, recovery = body.take(32), body.take(32), body.take(32)
        name = body.take(body.u8())
        require(is_text(name), "the name is UTF-8 without byte order mark")

        def change():
            self.name = name.decode()
            self._new_root(root, next_root, recovery)
        return [root], change

    def _rotate(self, seq, body):
        root, next_root, recovery, keep = body.take(32), body.take(32), body.take(32), body.u32()
        require(identity.next_root_hash(root) == self.next, "the new root is not the one committed to")
        self._check_new_root(root, keep, seq)

        def change():
            self._revoke_after(keep, seq)
            self._new_root(root, next_root, recovery)
        return [self.roots[-1], root], change

    def _recover(self, seq, body):
        root, next_root, recovery, new_recovery = (body.take(32) for _ in range(4))
        keep = body.u32()
        require(self.recovery != bytes(32) and identity.recovery_hash(recovery) == self.recovery, "not the recovery key")
        self._check_new_root(root, keep, seq)

        def change():
            self._revoke_after(keep, seq)
            self._new_root(root, next_root, new_recovery)
        return [recovery, root], change

    def _add(self, seq, body):
        key, usage = body.take(32), body.u16()
        body.zero(2)
        not_after, signer = body.i64(), body.take(32)
        require(usage in (DEVICE, APPROVE, ADMIN), "usage is exactly one of three")
        require(key not in self.keys and key not in self.roots, "a key appears once and is never a root")
        require(self._may_sign(seq, signer, usage == DEVICE), "the signer may not add this key")

        def change():
            self.keys[key] = Key(seq, usage, not_after)
        return [signer, key], change

    def _revoke(self, seq, body):
        key = body.take(32)
        body.u8()
        body.i64()
        signer = body.take(32)
        require(key in self.keys and self.keys[key].revoked is None, "only a live key can be revoked")
        require(self._may_sign(seq, signer, True), "the signer may not revoke")

        def change():
            self.keys[key].revoked = seq
        return [signer], change

    def _may_sign(self, seq, signer, admin_is_enough):
        if signer == self.roots[-1]:
            return True
        key = self.key_at(seq, signer)
        return admin_is_enough and key is not None and key.usage == ADMIN

    def _check_new_root(self, root, keep, seq):
        require(root not in self.keys, "a root is never an added key")
        require(keep < seq, "keepThroughSeq lies before the entry")

    def _revoke_after(self, keep, seq):
        for key in self.keys.values():
            if key.added > keep and key.revoked is None:
                key.revoked = seq

    def _new_root(self, root, next_root, recovery):
        self.roots.append(root)
        self.next, self.recovery = next_root, recovery
