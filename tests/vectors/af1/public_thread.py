"""What anybody can check of a thread: header rules, signatures, and the validity of Commits."""

from . import batch, bundle, commit, ed25519, envelope, roster
from .aead import is_low_order
from .identity import DEVICE
from .policy import only_tightens
from .roster import ADMIN, READ_ONLY
from .wire import Reader, require

WINDOW = 1024


class PublicThread:
    """Public state after some position. ids maps AgentId to a verified IdentityLog."""

    def __init__(self, ids, thread=None):
        self.ids, self.thread = ids, thread
        self.epoch, self.position = 0, 0
        self.roster, self.set_in_epoch, self.policy = {}, {}, None
        self.ctx, self.policies, self.rosters = [], [], []
        self.T, self.E = [], [None]
        self.generation, self.by_device = {}, {}
        self.genesis_hash = None

    def accept(self, raw):
        """Runs every public check in order on whole bytes, then moves the state on. Returns (header, body, trailer, E)."""
        header, body, trailer = envelope.split(raw)
        parsed = None
        if header.kind == envelope.COMMIT:
            parsed = commit.parse_body(body, genesis=self.position == 0)
        e = self.check(header, trailer, parsed)
        self.advance(header, parsed, e)
        return header, body, trailer, e

    def check(self, header, trailer, parsed):
        e = self.check_signed(header, trailer, parsed)
        if header.kind == envelope.COMMIT:
            require(header.generation == 0 and header.nonce == bytes(12), "generation and nonce of a Commit are zero")
        else:
            last = self.generation.get(header.leaf, 0)
            require(last < header.generation <= last + WINDOW, "generation")
        seq, prev, ack = self.by_device.get(self.roster[header.leaf].device, (0, bytes(32), 0))
        require(header.sender_seq == seq + 1, "senderSeq")
        require(header.prev_own == prev, "prevOwn")
        require(ack <= header.ack_seq <= self.position, "ackSeq")
        require(header.ack_hash == self.T[header.ack_seq], "ackHash")
        if parsed is not None:
            self.check_commit(header, parsed)
        return e

    def check_signed(self, header, trailer, parsed):
        """The checks that need no order: thread, suite, epoch, leaf, role, signature. Returns E."""
        if self.epoch == 0:
            self._begin(header, parsed)
        require(header.thread == self.thread, "threadId")
        require(header.suite == self.policy.suite, "suite of the envelope")
        require(header.epoch == self.epoch, "epoch of the position")
        require(header.leaf in self.roster, "leaf in the roster")
        entry = self.roster[header.leaf]
        require(entry.role != READ_ONLY or header.kind == envelope.HEARTBEAT, "role allows the kind")
        e = envelope.digest(self.ctx[self.epoch], header.bytes())
        require(trailer.verify(entry.device, e), "signature")
        return e

    def advance(self, header, parsed, e):
        self.position += 1
        self.T.append(envelope.thread_hash(self.T[-1], self.position, e))
        self.E.append(e)
        device = self.roster[header.leaf].device
        self.by_device[device] = (header.sender_seq, e, header.ack_seq)
        if parsed is None:
            self.generation[header.leaf] = header.generation
        else:
            self.advance_epoch(header, parsed)

    def _begin(self, header, parsed):
        require(parsed is not None and parsed.random is not None, "a thread starts with its genesis Commit")
        require(header.epoch == 0 and header.leaf == 0, "epoch and leaf of the genesis Commit")
        creator, policy_hash = parsed.creator, parsed.policy.hash()
        require(creator.role == 3, "the creator has role 3")
        require(not is_low_order(creator.leaf_pk), "leafPk is not of low order")
        thread = roster.thread_id(creator.bytes(), parsed.random, policy_hash)
        require(self.thread in (None, thread), "the genesis prefix hashes to threadId")
        self.thread, self.policy = thread, parsed.policy
        self.roster, self.set_in_epoch = {0: creator}, {0: 0}
        self.ctx = [roster.context_zero(parsed.policy.suite, thread, roster.roster_hash(self.roster), policy_hash)]
        self.policies, self.rosters, self.T = [parsed.policy], [dict(self.roster)], [self.ctx[0]]
        self._device_key(creator)

    def log(self, agent_id, seq, head):
        require(agent_id in self.ids, "identity log is missing")
        log = self.ids[agent_id]
        require(log.seq_of(seq, head), "a named head is not on the log")
        return log

    def _device_key(self, entry):
        key = self.log(entry.agent_id, entry.log_seq, entry.log_head).key_at(entry.log_seq, entry.device)
        require(key is not None and key.usage == DEVICE, "device key of usage 1, unrevoked at its head")

    def check_commit(self, header, body):
        require(body.parent_epoch == self.epoch and body.new_epoch == self.epoch + 1, "epochs of a Commit")
        require(body.parent_ctx == self.ctx[self.epoch], "parentCtx")
        new_roster, new_policy = self.applied(header, body)
        require(roster.roster_hash(new_roster) == body.roster_hash, "rosterHash'")
        require(new_policy.hash() == body.policy_hash, "policyHash'")
        require(envelope.commit_commitment(header.first160(), body.committed) == header.commitment, "C of a Commit")
        if body.wraps is not None:
            leaves = [int.from_bytes(w[:4], "little") for w in body.wraps]
            require(leaves == [n for n in sorted(new_roster) if n != header.leaf], "wraps for all leaves but the committer's")
            require(commit.wraps_hash(body.wraps) == body.wraps_hash, "wrapsHash")

    def applied(self, header, body):
        """The roster and policy after the changes, each change checked."""
        admin = self.roster[header.leaf].role & ADMIN
        after, policy = dict(self.roster), self.policy
        adds = [c for c in body.changes if c.kind == commit.ADD]
        require(len(adds) <= 512, "at most 512 adds")
        require([c.leaf for c in adds] == roster.next_free_leaves(self.roster, len(adds)), "leaves of adds")
        for change in body.changes:
            if change.kind == commit.REMOVE:
                require(change.leaf in self.roster and change.leaf != header.leaf, "a remove names another leaf")
                require(self._proves_revocation(change) or admin, "the committer may remove")
                del after[change.leaf]
            elif change.kind == commit.UPDATE:
                after[change.leaf] = self._updated(change)
            elif change.kind == commit.ADD:
                require(admin, "the committer may add")
                after[change.leaf] = self._added(change)
            else:
                require(admin and only_tightens(policy, change.policy), "an admin may only tighten the policy")
                policy = change.policy
        require(len(after) <= 2048, "at most 2,048 leaves")
        for field in ("device", "leaf_pk"):
            values = [getattr(e, field) for e in after.values()]
            require(len(values) == len(set(values)), "no device key and no leaf key twice")
        for entry in after.values():
            self.log(entry.agent_id, entry.log_seq, entry.log_head)
        return after, policy

    def _proves_revocation(self, change):
        if change.log_seq == 0 and change.log_head == bytes(32):
            return False
        entry = self.roster[change.leaf]
        require(change.log_seq >= entry.log_seq, "the log does not go back")
        log = self.log(entry.agent_id, change.log_seq, change.log_head)
        require(log.revoked_at(change.log_seq, entry.device), "the log fields of a remove prove the revocation")
        return True

    def _updated(self, change):
        require(change.leaf in self.roster, "an update names a leaf")
        entry = self.roster[change.leaf]
        require(self.set_in_epoch[change.leaf] <= change.base_epoch <= self.epoch, "baseEpoch")
        require(change.log_seq >= entry.log_seq, "the log does not go back")
        require(ed25519.verify(entry.device, change.signature, "AF1 sig leaf", change.update_digest(self.thread)), "update.sig")
        require(not is_low_order(change.leaf_pk), "leafPk is not of low order")
        out = entry.with_leaf(change.leaf_pk, change.log_seq, change.log_head)
        self._device_key(out)
        return out

    def _added(self, change):
        self._device_key(change.entry)
        require(change.suites >> self.policy.suite - 1 & 1, "the bundle speaks the suite of the policy")
        require(not is_low_order(change.entry.leaf_pk), "leafPk is not of low order")
        require(ed25519.verify(change.entry.device, change.signature, "AF1 sig spk", bundle.digest(change.bundle_body())), "spkSig")
        return change.entry

    def advance_epoch(self, header, body):
        after, policy = self.applied(header, body)
        self.epoch += 1
        for change in body.changes:
            if change.kind in (commit.UPDATE, commit.ADD):
                self.set_in_epoch[change.leaf] = self.epoch
        self.roster, self.policy = after, policy
        self.ctx.append(roster.context_next(policy.suite, self.thread, self.epoch, self.ctx[-1],
                                            roster.roster_hash(after), policy.hash(), header.leaf))
        self.policies.append(policy)
        self.rosters.append(dict(after))
        self.generation = {}


def read_cut_commit(raw, genesis):
    """A Commit of a proof file: header, body up to and including wrapsHash, trailer."""
    reader = Reader(raw)
    header = envelope.parse_header(reader.take(envelope.HEADER))
    require(header.kind == envelope.COMMIT and not header.flags & ~batch.FLAG, "a Commit")
    body = commit.Body(reader, genesis, cut=True)
    trailer = envelope.Trailer(reader, header.flags)
    reader.end()
    return header, body, trailer
