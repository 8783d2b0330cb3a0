"""Batch signature: one Ed25519 signature over a Merkle root of up to 256 envelopes."""

from . import ed25519
from .hashing import H
from .wire import u8

FLAG = 0x04


def leaf_hash(e):
    return H("AF1 leaf env", e)


def node(left, right):
    return H("AF1 node", left, right)


def levels(es):
    """Tree levels from the leaves up; leaves are padded to a power of two with 32 zero bytes."""
    rows = [leaf_hash(e) for e in es]
    while len(rows) & (len(rows) - 1):
        rows.append(bytes(32))
    out = [rows]
    while len(rows) > 1:
        rows = [node(rows[i], rows[i + 1]) for i in range(0, len(rows), 2)]
        out.append(rows)
    return out


def path(tree, index):
    return [row[(index >> depth) ^ 1] for depth, row in enumerate(tree[:-1])]


def sign(device_seed, root):
    return ed25519.sign(device_seed, "AF1 batch", root)


def trailers(es, device_seed):
    """Returns (tree, signature, trailers)."""
    tree = levels(es)
    signature = sign(device_seed, tree[-1][0])
    depth = len(tree) - 1
    return tree, signature, [u8(depth) + u8(i) + b"".join(path(tree, i)) + signature for i in range(len(es))]


def root_of(e, index, siblings):
    h = leaf_hash(e)
    for i, sibling in enumerate(siblings):
        h = node(sibling, h) if index >> i & 1 else node(h, sibling)
    return h
