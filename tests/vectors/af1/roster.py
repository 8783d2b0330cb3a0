"""Roster entries, roster hash, thread id and group context."""

from .hashing import H
from .wire import Reader, require, sized, u8, u32, u64

MEMBER, ADMIN, APPROVER, READ_ONLY = 1, 2, 4, 8
ENTRY = 136
ROLES = (1, 3, 5, 7, 8)


class Entry:
    def __init__(self, agent_id, device, leaf_pk, log_seq, log_head, role):
        self.agent_id, self.device, self.leaf_pk = agent_id, device, leaf_pk
        self.log_seq, self.log_head, self.role = log_seq, log_head, role

    def bytes(self):
        return sized(self.agent_id + self.device + self.leaf_pk + u32(self.log_seq) + self.log_head
                     + u8(self.role) + bytes(3), ENTRY)

    def with_leaf(self, leaf_pk, log_seq, log_head):
        return Entry(self.agent_id, self.device, leaf_pk, log_seq, log_head, self.role)


def parse_entry(raw):
    reader = Reader(raw)
    entry = Entry(reader.take(32), reader.take(32), reader.take(32), reader.u32(), reader.take(32), reader.u8())
    reader.zero(3)
    reader.end()
    require(entry.role in ROLES, "role of a roster entry")
    return entry


def roster_bytes(roster):
    return u32(len(roster)) + b"".join(u32(leaf) + roster[leaf].bytes() for leaf in sorted(roster))


def roster_hash(roster):
    return H("AF1 roster", roster_bytes(roster))


def thread_id(creator_entry, random, policy_hash):
    return H("AF1 thread id", creator_entry, sized(random, 32), policy_hash)


def context_zero(suite, thread, roster_hash0, policy_hash):
    return H("AF1 ctx", u32(suite), thread, u64(0), bytes(32), roster_hash0, policy_hash)


def context_next(suite, thread, epoch, parent_ctx, roster_hash_new, policy_hash_new, committer):
    return H("AF1 ctx", u32(suite), thread, u64(epoch), parent_ctx, roster_hash_new, policy_hash_new, u32(committer))


def next_free_leaves(roster, count):
    out, leaf = [], 0
    while len(out) < count:
        if leaf not in roster:
            out.append(leaf)
        leaf += 1
    return out
