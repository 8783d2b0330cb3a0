"""Batch trees of 1, 2, 3, 64 and 256 envelopes."""

from af1 import batch, ed25519
from af1.hashing import label
from af1.seeds import seed


def _sample(count):
    device, es = seed("batch/device"), [seed(f"batch/E/{i}") for i in range(count)]
    tree, signature, trailers = batch.trailers(es, device)
    root, depth = tree[-1][0], len(tree) - 1
    for i, e in enumerate(es):
        assert batch.root_of(e, i, batch.path(tree, i)) == root
        assert ed25519.verify(ed25519.public(device), signature, "AF1 batch", root)
    shown = range(count) if count <= 3 else (0, 1, 2, count // 2, count - 1)
    return {"count": count, "E": es, "depth": depth, "leafHashes": tree[0] if count <= 64 else [], "root": root,
            "signed": label("AF1 batch") + root, "signature": signature,
            "trailers": [{"index": i, "siblings": batch.path(tree, i), "trailer": trailers[i]} for i in shown]}


def make():
    device = seed("batch/device")
    return {"batch": {"deviceSeed": device, "devicePk": ed25519.public(device), "samples": [_sample(n) for n in (1, 2, 3, 64, 256)]}}
