"""Commit body: changes, wraps, and the genesis prefix, as bytes."""

from . import bundle, ed25519, hpke, roster
from .hashing import H, MAC, label
from .policy import parse as parse_policy
from .wire import Reader, i64, require, sized, u8, u16, u32, u64

REMOVE, UPDATE, ADD, POLICY = 1, 2, 3, 4
WRAP = 84


def remove(leaf, log_seq=0, log_head=bytes(32)):
    return sized(u8(REMOVE) + u32(leaf) + u32(log_seq) + log_head, 41)


def update_digest(thread, leaf, base_epoch, leaf_pk, log_seq, log_head):
    return H("AF1 leaf update", thread, u32(leaf), u64(base_epoch), leaf_pk, u32(log_seq), log_head)


def update(thread, leaf, leaf_pk, log_seq, log_head, base_epoch, device_seed):
    signature = ed25519.sign(device_seed, "AF1 sig leaf", update_digest(thread, leaf, base_epoch, leaf_pk, log_seq, log_head))
    return sized(u8(UPDATE) + u32(leaf) + leaf_pk + u32(log_seq) + log_head + u64(base_epoch) + signature, 145)


def add(leaf, entry, spk_id, created, not_after, suites, spk_signature):
    return sized(u8(ADD) + u32(leaf) + entry.bytes() + u32(spk_id) + i64(created) + i64(not_after) + u32(suites)
                 + spk_signature, 229)


def policy_change(raw):
    return u8(POLICY) + u32(len(raw)) + raw


def genesis_prefix(random, creator, policy_bytes):
    return sized(random, 32) + creator.bytes() + u32(len(policy_bytes)) + policy_bytes


def confirm(epoch_secret, ctx):
    return MAC(epoch_secret, "AF1 confirm", ctx)


def wrap_info(thread, epoch):
    return label("AF1 wrap") + thread + u64(epoch)


def wrap_aad(ctx, leaf):
    return ctx + u32(leaf)


def wrap(thread, epoch, ctx, leaf, leaf_pk, epoch_secret, ephemeral):
    """Returns the 84 bytes and the steps of HPKE."""
    steps = hpke.seal_base(leaf_pk, wrap_info(thread, epoch), wrap_aad(ctx, leaf), epoch_secret, ephemeral)
    return sized(u32(leaf) + steps["enc"] + steps["ct"], WRAP), steps


def unwrap(thread, epoch, ctx, raw, leaf_private):
    leaf = int.from_bytes(raw[:4], "little")
    return hpke.open_base(leaf_private, raw[4:36], wrap_info(thread, epoch), wrap_aad(ctx, leaf), raw[36:])


def wraps_hash(wraps):
    return H("AF1 wraps", u32(len(wraps)), b"".join(wraps))


class Change:
    """One parsed change; which fields exist depends on kind."""

    def __init__(self, reader):
        self.kind = reader.u8()
        require(self.kind in (REMOVE, UPDATE, ADD, POLICY), "kind of a change")
        if self.kind == POLICY:
            self.leaf = None
            self.policy_bytes = reader.take(reader.u32())
            self.policy = parse_policy(self.policy_bytes)
            return
        self.leaf = reader.u32()
        if self.kind == REMOVE:
            self.log_seq, self.log_head = reader.u32(), reader.take(32)
        elif self.kind == UPDATE:
            self.leaf_pk, self.log_seq, self.log_head = reader.take(32), reader.u32(), reader.take(32)
            self.base_epoch, self.signature = reader.u64(), reader.take(64)
        else:
            self.entry = roster.parse_entry(reader.take(roster.ENTRY))
            self.spk_id, self.created, self.not_after = reader.u32(), reader.i64(), reader.i64()
            self.suites, self.signature = reader.u32(), reader.take(64)

    def update_digest(self, thread):
        return update_digest(thread, self.leaf, self.base_epoch, self.leaf_pk, self.log_seq, self.log_head)

    def bundle_body(self):
        e = self.entry
        return bundle.unsigned(e.agent_id, e.log_seq, e.log_head, e.device, self.spk_id, e.leaf_pk, self.created,
                               self.not_after, self.suites)


class Body:
    """A parsed Commit body. With cut=True the bytes after wrapsHash are left to the caller (proof files)."""

    def __init__(self, reader, genesis, cut=False):
        start = reader.at
        self.random = None
        if genesis:
            self.random, creator = reader.take(32), reader.take(roster.ENTRY)
            self.creator = roster.parse_entry(creator)
            self.policy_bytes = reader.take(reader.u32())
            self.policy = parse_policy(self.policy_bytes)
        self.parent_epoch, self.new_epoch, self.parent_ctx = reader.u64(), reader.u64(), reader.take(32)
        self.changes = [Change(reader) for _ in range(reader.u16())]
        order = [(c.kind, -1 if c.leaf is None else c.leaf) for c in self.changes]
        require(all(a < b for a, b in zip(order, order[1:])), "changes ascend by kind, then by leaf")
        leaves = [c.leaf for c in self.changes if c.leaf is not None]
        require(len(leaves) == len(set(leaves)), "a leaf occurs at most once")
        self.roster_hash, self.policy_hash, self.confirm, self.wraps_hash = (reader.take(32) for _ in range(4))
        self.committed = reader.data[start:reader.at]
        self.wraps = None
        if not cut:
            self.wraps = [reader.take(WRAP) for _ in range(reader.u32())]


def parse_body(raw, genesis):
    reader = Reader(raw)
    body = Body(reader, genesis)
    reader.end()
    return body
